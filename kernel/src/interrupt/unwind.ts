import { sep } from 'node:path';
import { KERNEL } from '../places.js';
import { HELD, isShielded, OPEN, ORDERED, shared } from './shield.js';

/** Under this name the other thread finds the function in the globals of this one. */
export const UNWIND = 'Jupyter.kernel.unwind';

/** What it answers if this thread runs nothing. */
export const IDLE = 'idle';

/** Passes through Node's handling of errors; nobody is to be told of it. */
export const UNWINDING = new Error('code that computed was stopped');

/** The order follows within milliseconds, unless the other thread has died. */
const LONGEST_HOLD_MS = 1000;

/**
 * Lets this thread be stopped in the middle of anything. What is stopped from outside runs no
 * `finally`, not even Node's own: its stack of async ids stays as it was, and at the next look
 * Node aborts the process. Node clears that stack when it has handled an uncaught error.
 *
 * An order takes effect at the next call or turn of a loop, and what runs until then must not write on that stack
 * again. So this thread is held here until the order has come; and not in Node's own code, which is what writes there,
 * nor in the kernel's: then nothing is done, and it wants to be asked again, unless it may be stopped anywhere.
 */
export function allowUnwinding(): void {
  const { _fatalException: handle } = process as unknown as {
    _fatalException: (error: Error, fromPromise: boolean) => boolean;
  };
  const unwind = (request: number, anywhere: boolean): string => {
    const frame = interruptedFrame();
    if (!frame) return IDLE;
    if (isShielded(shared) || (isOurs(frame) && !anywhere)) return 'not here';
    if (Atomics.compareExchange(shared, HELD, OPEN, request) !== OPEN) return 'too late';
    handle.call(process, UNWINDING, false);
    const isOrdered = () => Atomics.load(shared, ORDERED) >= request;
    // Not by Atomics.wait: V8 has one such wait per thread, and aborts where code was interrupted in its own.
    const deadline = performance.now() + LONGEST_HOLD_MS;
    while (!isOrdered() && performance.now() < deadline);
    return 'held';
  };
  Object.defineProperty(globalThis, Symbol.for(UNWIND), { value: unwind });
}

/** Where the thread was, as a line of a stack, empty if it ran nothing: below this, `unwind`, and the expression that called it. */
function interruptedFrame(): string {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Object.assign(Error, { stackTraceLimit: 4, prepareStackTrace: undefined });
  const { stack = '' } = new Error();
  Object.assign(Error, { stackTraceLimit, prepareStackTrace });
  return stack.split('\n')[4] ?? '';
}

/** Whether it is Node's code or the kernel's, which leave things half done where they are stopped. */
function isOurs(frame: string): boolean {
  return /[( ]node:/.test(frame) || frame.includes(KERNEL + sep);
}
