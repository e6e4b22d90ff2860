export { type Comparison, check } from './check.js';
