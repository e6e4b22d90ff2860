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

/** So many calls are looked at: functions of the language that call one another are seldom more. */
const LOOKED_AT = 20;

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
    const sites = interruptedSites();
    if (sites.length === 0) return IDLE;
    if (isShielded(shared) || (isOurs(sites) && !anywhere)) return 'not here';
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

/** What this thread was in the middle of, from the innermost: below this, `unwind`, and the expression that called it. */
function interruptedSites(): NodeJS.CallSite[] {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const raw = (_: Error, sites: NodeJS.CallSite[]) => sites;
  Object.assign(Error, { stackTraceLimit: 3 + LOOKED_AT, prepareStackTrace: raw });
  const sites = new Error().stack as unknown as NodeJS.CallSite[];
  Object.assign(Error, { stackTraceLimit, prepareStackTrace });
  return sites.slice(3).filter((site) => !site.isAsync());
}

/**
 * Whether it is Node's code or the kernel's, which leave things half done where they are stopped. A function that is
 * built into the language stands in no script: it belongs to whoever called it.
 */
function isOurs(sites: NodeJS.CallSite[]): boolean {
  const script = sites.map((site) => site.getScriptNameOrSourceURL()).find(Boolean);
  if (!script) return sites.length === LOOKED_AT; // whoever called so many is not known
  return script.startsWith('node:') || script.startsWith(KERNEL + sep);
}
