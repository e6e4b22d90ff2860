import { inspect, types } from 'node:util';
import type { MimeBundle } from '../messages.js';
import { cutText, fitBundle } from '../transport/limits.js';

const JUPYTER_DISPLAY = Symbol.for('Jupyter.display');
/** Characters of a value as Node prints it. */
const MAX_TEXT = 100_000;
const NOT_AWAITED =
  'The cell did not wait for this promise. With `await` before it, it does, and shows the value.';

/**
 * How the value of a cell's last expression is shown: by its `[Symbol.for('Jupyter.display')]()`,
 * which returns {MIME type: content} or a promise of it, or else as Node prints it; within the limit of a display.
 * @throws TypeError if what it returns is no such thing or cannot be sent, so that it is the cell that fails
 */
export async function toBundle(value: unknown): Promise<MimeBundle> {
  const show = (value as { [JUPYTER_DISPLAY]?: unknown })[JUPYTER_DISPLAY];
  if (typeof show !== 'function') {
    const text = cutText(inspect(value, { depth: 4 }), MAX_TEXT);
    return { 'text/plain': isPending(value, text) ? `${text}\n${NOT_AWAITED}` : text };
  }
  const bundle: unknown = await show.call(value);
  if (isBundle(bundle)) return fitBundle({ 'text/plain': '', ...bundle });
  throw new TypeError(
    `[Symbol.for('Jupyter.display')]() has to return {MIME type: content}, not ${inspect(bundle, { depth: 0 })}.`,
  );
}

function isPending(value: unknown, text: string): boolean {
  return types.isPromise(value) && /^[^{]*\{\s*<pending>/.test(text);
}

function isBundle(value: unknown): value is MimeBundle {
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).every((type) => type.includes('/'));
}
