export { projectOf } from './project.js';
export { writeProject } from './write-project.js';
