import { inspect } from 'node:util';

/** What Node before 24 writes on promises to know what started them. */
const MARKS = ['async_id_symbol', 'trigger_async_id_symbol', 'kResourceStore'];

/** Has promises printed without those marks: whoever forgot an `await` reads of a promise, and not of the kernel. */
export function hideMarks(): void {
  Object.defineProperty(Promise.prototype, inspect.custom, {
    configurable: true,
    writable: true,
    value(this: object) {
      for (const symbol of Object.getOwnPropertySymbols(this)) {
        if (!MARKS.includes(symbol.description ?? '')) continue;
        Object.defineProperty(this, symbol, { enumerable: false });
      }
      return this; // as Node prints it
    },
  });
}
