/** Under this name the other thread finds the function in the globals of this one. */
export const UNWIND = 'kafka-lab.kernel.unwind';

/** Passes through Node's handling of errors; nobody is to be told of it. */
export const UNWINDING = new Error('code that computed was stopped');

/**
 * Lets this thread be stopped in the middle of anything. What is stopped from outside runs no
 * `finally`, not even Node's own: its stack of async ids stays as it was, and at the next look
 * Node aborts the process. Node clears that stack when it has handled an uncaught error.
 */
export function allowUnwinding(): void {
  const { _fatalException: handle } = process as unknown as {
    _fatalException: (error: Error, fromPromise: boolean) => boolean;
  };
  const unwind = () => handle.call(process, UNWINDING, false);
  Object.defineProperty(globalThis, Symbol.for(UNWIND), { value: unwind });
}
