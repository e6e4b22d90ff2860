export { check, type Comparison } from './check.js';
