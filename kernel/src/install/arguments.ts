import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { KernelError, messageOf } from '../explained.js';
import { name as ownName } from '../package.js';
import type { Place } from './folders.js';
import { again, type Surroundings } from './surroundings.js';

type Options = NonNullable<ParseArgsConfig['options']>;

/** What is to be done, and where. */
export interface Command {
  action: 'install' | 'uninstall' | 'status' | 'help' | 'version';
  place: Place;
  /** The kernelspec's, as Jupyter knows it. */
  name: string;
  displayName?: string | undefined;
}

const PLACE = {
  user: { type: 'boolean' },
  'sys-prefix': { type: 'boolean' },
  prefix: { type: 'string' },
} as const satisfies Options;
const NAME = { name: { type: 'string' } } as const satisfies Options;

/** What each command may be told. */
const OPTIONS: Record<'install' | 'uninstall' | 'status', Options> = {
  install: { ...PLACE, ...NAME, 'display-name': { type: 'string' } },
  uninstall: { ...PLACE, ...NAME },
  status: { prefix: PLACE.prefix },
};

/** As Jupyter wants it, which looks for it in small letters. */
const KERNEL_NAME = /^[a-z0-9._-]+$/;

/** @throws KernelError BAD_OPTION */
export function readCommand(args: string[], here: Pick<Surroundings, 'env'>): Command {
  try {
    return read(args);
  } catch (error) {
    const why = messageOf(error);
    const fix = `Its commands and their options: ${again(here, '--help')}`;
    throw new KernelError('BAD_OPTION', { what: 'Nothing was done.', why, fix, cause: error });
  }
}

function read(args: string[]): Command {
  const none = { place: { kind: 'user' }, name: ownName } as const;
  if (args.some((arg) => arg === '--help' || arg === '-h')) return { action: 'help', ...none };
  const [action = '', ...rest] = args;
  if (action === '--version') return { action: 'version', ...none };
  if (!isAction(action))
    throw new Error(action ? `There is no command “${action}”.` : 'No command was given.');
  const values = parse(rest, OPTIONS[action]);
  const empty = Object.entries(values).find(([, value]) => value === '');
  if (empty) throw new Error(`--${empty[0]} is empty.`);
  const { name = ownName, 'display-name': displayName } = values as Record<string, string>;
  return { action, place: placeOf(values), name: validName(name), displayName };
}

function isAction(word: string): word is keyof typeof OPTIONS {
  return Object.hasOwn(OPTIONS, word);
}

function parse(args: string[], options: Options): Record<string, unknown> {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    const [sentence = ''] = messageOf(error).split('. '); // the others tell of positional arguments
    throw new Error(`${sentence.replace(/\.$/, '')}.`, { cause: error });
  }
}

function placeOf(values: Record<string, unknown>): Place {
  const given = Object.keys(PLACE).filter((option) => values[option] !== undefined);
  if (given.length > 1)
    throw new Error(`It goes to one place: --${given.join(' and --')} are more than one.`);
  const { prefix } = values as { prefix?: string };
  if (prefix !== undefined) return { kind: 'prefix', prefix: resolve(prefix) };
  return { kind: values['sys-prefix'] ? 'sys-prefix' : 'user' };
}

function validName(name: string): string {
  const lower = name.toLowerCase();
  if (KERNEL_NAME.test(lower) && !/^\.+$/.test(lower)) return lower;
  throw new Error(`A kernel's name is made of a to z, 0 to 9, “-”, “.” and “_”: not “${name}”.`);
}
