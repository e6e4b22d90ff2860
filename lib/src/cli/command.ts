import { type ParseArgsConfig, parseArgs } from 'node:util';
import { LabError } from '../errors.js';

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
