export { type Subject, subjectsOf } from './subjects.js';
export { writeRunPage } from './write-run-page.js';
