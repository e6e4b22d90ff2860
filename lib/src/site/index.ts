export { makeSite } from './make-site.js';
