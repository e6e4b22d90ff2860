import { inspect, stripVTControlCharacters, types } from 'node:util';
import type { ErrorContent } from '../messages.js';
import { readableFrames } from './frames.js';
import type { Positions } from './positions.js';
import { asWritten, red } from './text.js';

const MAX_DEPTH = 5;
const MAX_PARTS = 5;

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
    super('the kernel was asked to end while this cell ran');
  }
}

/** An error that explains itself, whoever wrote its class: its sentences are shown, and no stack. */
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
  if (!safely(() => isError(value), false)) return describeOther(value);
  const error = value as Error;
  const traceback = new Description(positions).lines(error);
  return { ename: nameOf(error), evalue: uncoloured(messageOf(error)), traceback };
}

function describeOther(value: unknown): ErrorContent {
  const evalue = uncoloured(typeof value === 'string' ? value : show(value));
  return { ename: 'Thrown', evalue, traceback: [`${red('Thrown')}: ${evalue}`] };
}

/** One traceback: an error, what caused it and what it consists of, each of them once. */
class Description {
  private readonly seen = new Set<unknown>();

  constructor(private readonly positions: Positions) {}

  lines(error: Error, depth = 0): string[] {
    this.seen.add(error);
    const explained = explanationOf(error);
    const lines = explained ?? this.withStack(error);
    const more = depth < MAX_DEPTH ? this.partsAndCause(error, depth + 1) : [];
    return [...lines, ...(explained ? briefly(more) : more)];
  }

  private withStack(error: Error): string[] {
    const title = `${red(nameOf(error))}: ${messageOf(error)}`;
    if (error instanceof KeyboardInterrupt) return [title];
    const stack = safely(() => String(error.stack), '');
    // The message may have lines that look like frames.
    const start = stack.indexOf(messageOf(error));
    const frames = start < 0 ? stack : stack.slice(start + messageOf(error).length);
    return [title, ...readableFrames(frames, this.positions)];
  }

  private partsAndCause(error: Error, depth: number): string[] {
    const parts = safely(() => partsOf(error), []);
    const described = parts.slice(0, MAX_PARTS).flatMap((part) => this.other(part, depth));
    const left = parts.length - MAX_PARTS;
    if (left > 0) described.push(`… and ${left} more`);
    const cause = safely(() => error.cause, undefined);
    const [title = '', ...rest] = cause == null ? [] : this.other(cause, depth);
    const caused = title && [`Caused by: ${title}`, ...rest];
    return [...described.map((line) => `  ${line}`), ...caused];
  }

  private other(value: unknown, depth: number): string[] {
    if (this.seen.has(value)) return [];
    return safely(() => isError(value), false) ? this.lines(value as Error, depth) : [show(value)];
  }
}

/** The errors inside an AggregateError; of a SuppressedError, which not every Node has, what failed last and first. */
function partsOf(error: Error): unknown[] {
  if (error instanceof AggregateError) return [...error.errors];
  if (nameOf(error) !== 'SuppressedError') return [];
  const { error: last, suppressed } = error as Error & { error?: unknown; suppressed?: unknown };
  return [last, suppressed];
}

/** The sentences of an error that explains itself. */
function explanationOf(error: Error): string[] | undefined {
  return safely(() => {
    const { what, why, fix } = error as Partial<Explained>;
    if (![what, why, fix].every((text) => typeof text === 'string')) return undefined;
    const [first, ...rest] = [what, why, fix].filter(Boolean) as string[];
    return [`${red(nameOf(error))}: ${first}`, ...rest];
  }, undefined);
}

/** Without frames: an error that explains itself needs none, nor does what is below it. */
function briefly(lines: string[]): string[] {
  return lines.filter((line) => !/^ {4}/.test(line));
}

/** The name that says most: an own `name`, or else that of the class. */
function nameOf(error: Error): string {
  return safely(() => {
    const name = String(error.name || 'Error');
    return name === 'Error' ? error.constructor?.name || name : name;
  }, 'Error');
}

function messageOf(error: Error): string {
  return safely(() => asWritten(String(error.message)), '');
}

function show(value: unknown): string {
  return safely(() => inspect(value), undefined) ?? 'a value that cannot be shown';
}

/** Clients print it as it is. */
function uncoloured(text: string): string {
  return stripVTControlCharacters(text);
}

/** What is thrown may be anything, and so may its getters do. */
function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
