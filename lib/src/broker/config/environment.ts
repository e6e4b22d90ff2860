import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { LabError, messageOf } from '../../errors.js';
import { root } from '../../paths.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables that say where Kafka is: those of this process, and beneath them what `.env` at the
 * top of the checkout says. Kernels, services and terminal commands all read them here. A variable that is set and
 * empty hides the one in the file.
 * @throws LabError BAD_INPUT if there is a `.env` that cannot be read
 */
export function environment(): Environment {
  return { ...fileAt(join(root, '.env')), ...process.env };
}

/** A variable as a message should name it: with the file, if that is where its value stands. */
export function spelled(name: string): string {
  if (process.env[name] !== undefined) return name;
  try {
    return environment()[name] === undefined ? name : `${name} (in ${join(root, '.env')})`;
  } catch {
    return name;
  }
}

function fileAt(path: string): Environment {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw unreadable(path, messageOf(error));
  }
  // What some editors save as "Unicode" has a zero in each letter.
  if (text.includes('\0')) throw unreadable(path, 'It is not text in UTF-8.');
  return parseEnv(text.replace(/^\uFEFF/, ''));
}

function unreadable(path: string, why: string): LabError {
  const what = `The file ${path} cannot be read.`;
  const fix =
    'Make it a text file that you may read, with lines like KAFKA_SSL=true, or remove it.';
  return new LabError('BAD_INPUT', { what, why, fix });
}

/** A variable that the lab cannot use. */
export function bad(what: string, fix: string): LabError {
  return new LabError('BAD_INPUT', {
    what,
    why: 'The lab uses the Kafka that these variables name.',
    fix,
  });
}
