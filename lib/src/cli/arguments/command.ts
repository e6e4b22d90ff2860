import { type ParseArgsConfig, parseArgs } from 'node:util';
import { LabError } from '../../errors.js';

/** One command of the terminal. `run` returns the exit code and throws LabError or UsageError. */
export interface Command {
  /** What `--help` prints: the calls, an empty line, what it does in one line, the rest. */
  help: string;
  run(argv: string[]): Promise<number>;
}

/** The command was called in a way it does not understand: one sentence, exit code 2. */
export class UsageError extends Error {}

/** A LabError of what is required is a wrong call. */
export function orUsage(require: () => void): void {
  try {
    require();
  } catch (error) {
    throw error instanceof LabError ? new UsageError(error.message) : error;
  }
}

/** parseArgs whose complaints are one sentence each. */
export function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(withoutValue(error) ?? firstSentence(error));
  }
}

/** A whole number of at least 1, as the value of an option. */
export function positive(option: string, value: string): number {
  if (!/^[1-9]\d{0,6}$/.test(value)) {
    throw new UsageError(`--${option} takes a whole number from 1 up, not '${value}'.`);
  }
  return Number(value);
}

/** Node's own words for it speak of "<value>", and of ambiguity where a value begins with a dash. */
function withoutValue(error: unknown): string | undefined {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  const option = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument/.exec(message)?.[1];
  if (code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' || !option) return undefined;
  return `${option} needs a value after it that does not begin with a dash.`;
}

function firstSentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `${(text.split(/\.\s|\n/)[0] ?? text).replace(/\.$/, '')}.`;
}

/** A topic's name as Kafka allows it. */
export function topicName(name: string): string {
  if (/^[\w.-]{1,249}$/.test(name) && name !== '.' && name !== '..') return name;
  throw new UsageError(
    `${shown(name)} cannot be the name of a topic: use letters, digits, '.', '_' and '-', 249 at most.`,
  );
}

/** A group's or client's name: Kafka allows any text, a terminal is happier with these. */
export function plainName(option: string, name: string): string {
  if (/^[\w.-]{1,100}$/.test(name)) return name;
  throw new UsageError(
    `--${option} takes letters, digits, '.', '_' and '-', 100 at most, not ${shown(name)}.`,
  );
}

/** The one argument of a command. */
export function only<T extends string | undefined>(
  what: string,
  names: string[],
  none: T,
): string | T {
  if (names.length > 1)
    throw new UsageError(`Give one ${what}: ${shown(names[1] as string)} is one too many.`);
  return names[0] ?? none;
}

/** The one argument of a command that needs one. */
export function theOnly(what: string, names: string[]): string {
  const name = only(what, names, undefined);
  if (name === undefined) throw new UsageError(`Which ${what}?`);
  return name;
}

function shown(name: string): string {
  return `'${name.replace(/\p{C}/gu, '\u{FFFD}')}'`;
}
