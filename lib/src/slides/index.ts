export { makeSlides } from './converting.js';
export { marked } from './marking.js';
export type { Notebook } from './notebook.js';
export { timetable } from './timetable.js';
