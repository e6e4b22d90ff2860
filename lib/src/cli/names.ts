import { UsageError } from './command.js';

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
