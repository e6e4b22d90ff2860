import { inspect, types } from 'node:util';
import { readableFrames } from './frames.js';
import type { ErrorContent } from './messages.js';
import type { Positions } from './positions.js';
import { red } from './text.js';

const MAX_CAUSES = 5;

/** The waiting of a cell was ended by its user. */
export class KeyboardInterrupt extends Error {
  override readonly name = 'KeyboardInterrupt';
  constructor() {
    super('interrupted');
  }
}

/** The kernel itself ends: by its client, a signal, or the death of its server. */
export class KernelEnded extends Error {
  override readonly name = 'KernelEnded';
  constructor() {
    super('the kernel was told to end while this cell ran');
  }
}

/** An error that explains itself: its sentences are shown, and no stack. */
interface Explained extends Error {
  what: string;
  why: string;
  fix: string;
}

export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** What a client shows of a thrown value, whatever it is. Never throws. */
export function describeError(value: unknown, positions: Positions): ErrorContent {
  try {
    if (!isError(value)) return describeOther(value);
    const traceback = describeChain(value, positions);
    return { ename: nameOf(value), evalue: String(value.message), traceback };
  } catch {
    return describeOther('an error that cannot be shown');
  }
}

function describeOther(value: unknown): ErrorContent {
  const evalue = typeof value === 'string' ? value : inspect(value);
  return { ename: 'Thrown', evalue, traceback: [`${red('Thrown')}: ${evalue}`] };
}

/** The name that says most: an own `name`, or else that of the class. */
function nameOf(error: Error): string {
  const name = String(error.name || 'Error');
  return name === 'Error' ? error.constructor?.name || name : name;
}

/** The error and what caused it, the outermost first. */
function describeChain(error: Error, positions: Positions): string[] {
  const lines = describeOne(error, positions);
  const seen = new Set<unknown>([error]);
  let cause = error.cause;
  while (cause !== undefined && cause !== null && !seen.has(cause) && seen.size <= MAX_CAUSES) {
    seen.add(cause);
    lines.push(...describeCause(cause, isExplained(error), positions));
    cause = isError(cause) ? cause.cause : undefined;
  }
  return lines;
}

function describeCause(cause: unknown, brief: boolean, positions: Positions): string[] {
  if (!isError(cause)) return [`Caused by: ${inspect(cause)}`];
  const [title = '', ...rest] = describeOne(cause, positions);
  return [`Caused by: ${title}`, ...(brief ? [] : rest)];
}

function describeOne(error: Error, positions: Positions): string[] {
  if (isExplained(error)) {
    const [what, ...rest] = [error.what, error.why, error.fix].filter(Boolean);
    return [`${red(nameOf(error))}: ${what}`, ...rest];
  }
  const title = `${red(nameOf(error))}: ${error.message}`;
  if (error instanceof KeyboardInterrupt) return [title];
  const stack = typeof error.stack === 'string' ? error.stack : '';
  return [title, ...readableFrames(stack, positions), ...describeParts(error, positions)];
}

/** The errors inside an AggregateError. */
function describeParts(error: Error, positions: Positions): string[] {
  if (!(error instanceof AggregateError)) return [];
  return error.errors.slice(0, MAX_CAUSES).flatMap((part: unknown) => {
    const lines = isError(part) ? describeOne(part, positions) : [inspect(part)];
    return lines.map((line) => `  ${line}`);
  });
}

function isExplained(error: Error): error is Explained {
  const { what, why, fix } = error as Partial<Explained>;
  return typeof what === 'string' && typeof why === 'string' && typeof fix === 'string';
}
