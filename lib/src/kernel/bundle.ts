import { inspect } from 'node:util';
import type { MimeBundle } from './messages.js';

const JUPYTER_DISPLAY = Symbol.for('Jupyter.display');

/**
 * How the value of a cell's last expression is shown: by its `[Symbol.for('Jupyter.display')]()`,
 * which returns {MIME type: content} or a promise of it, or else as Node prints it.
 */
export async function toBundle(value: unknown): Promise<MimeBundle> {
  const show = (value as { [JUPYTER_DISPLAY]?: unknown })[JUPYTER_DISPLAY];
  if (typeof show !== 'function') return { 'text/plain': inspect(value, { depth: 4 }) };
  const bundle = (await show.call(value)) as MimeBundle;
  return { 'text/plain': '', ...bundle };
}
