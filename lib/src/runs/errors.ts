import { LabError } from '../errors.js';

const AGAIN =
  'Save it anew: lab.saveRun(file) in its notebook, or npx --no kafka-lab consume TOPIC --record FILE.';

/** The file is not what it should be. `line` counts from 1. */
export function unreadable(file: string, why: string, line?: number): LabError {
  const where = line === undefined ? '' : `, line ${line}`;
  return new LabError('BAD_INPUT', {
    what: `${file} holds no run that can be opened.`,
    why: `${why}${where && `: that is what it holds in${where.slice(1)}`}.`,
    fix: AGAIN,
  });
}

/** The file of a run that was written as it happened ends with a part of a line. */
export function halfLine(file: string): LabError {
  return new LabError('BAD_INPUT', {
    what: `${file} ends in the middle of a line.`,
    why: 'Whatever wrote it was cut off there, such as by the end of its machine; all before that line is whole.',
    fix: `Take that line away: sed -i '$ d' ${JSON.stringify(file)}`,
  });
}

/** A new run takes the place of no file. */
export function isThere(file: string): LabError {
  return new LabError('BAD_INPUT', {
    what: `${file} is there already.`,
    why: 'A run is recorded to a file of its own, so that none is lost.',
    fix: `Name another file, or remove that one: rm ${JSON.stringify(file)}`,
  });
}

/** What is there is none of the lab's. */
export function noRun(file: string): LabError {
  return new LabError('BAD_INPUT', {
    what: `${file} is there already, and is no run.`,
    why: 'Only a run may be written over.',
    fix: 'Name another file, such as run.jsonl.',
  });
}

/** The first line is that of a run, of another version. */
export function otherVersion(file: string, version: unknown, own: number): LabError {
  const is = typeof version === 'number' ? String(version) : 'a version without a number';
  return new LabError('BAD_INPUT', {
    what: `${file} is a run of format ${is}.`,
    why: `This lab reads format ${own}.`,
    fix: 'Open it with the version of the lab that wrote it, or save it anew with this one: lab.saveRun(file).',
  });
}

const WORDS: Record<string, string> = {
  ENOENT: 'There is no such file',
  EISDIR: 'It is a folder',
  EACCES: 'It belongs to somebody else',
  EPERM: 'It belongs to somebody else',
  ENOSPC: 'The disk is full',
  EDQUOT: 'The disk is full',
  EROFS: 'Nothing can be written there',
  ENOTDIR: 'A part of its path is a file',
};

export function notRead(file: string, error: unknown): unknown {
  return refused(error, {
    what: `${file} could not be read.`,
    fix: `See which runs there are: ls -l ${folderOf(file)}`,
  });
}

export function notWritten(file: string, error: unknown): unknown {
  return refused(error, {
    what: `${file} could not be written.`,
    fix: 'Name a file in a folder of yours that has room: lab.saveRun(file), or --record FILE.',
  });
}

function refused(error: unknown, { what, fix }: { what: string; fix: string }): unknown {
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  if (error instanceof LabError || !syscall) return error;
  const why = `${Object.hasOwn(WORDS, code) ? WORDS[code] : 'The system refused it'} (${code}).`;
  return new LabError('SYSTEM_REFUSED', { what, why, fix, cause: error });
}

function folderOf(file: string): string {
  return JSON.stringify(file.replace(/[^/]*$/, '') || '.');
}
