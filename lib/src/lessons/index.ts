export { check } from './check.js';
export { type CompareOptions, compare } from './compare.js';
export { exercise } from './exercise.js';
export type { Comparison } from './judge.js';
export { type Assignment, type Prediction, predict } from './predict.js';
export { type LessonProgress, nextLesson, readProgress, resetProgress } from './progress.js';
export { RecordedLesson, recorded } from './recorded.js';
export { summary } from './summary.js';
