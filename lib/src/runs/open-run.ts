import type { z } from 'zod';
import { type Content, Ledger } from '../ledger/index.js';
import { Beginnings } from './beginnings.js';
import { halfLine, otherVersion, unreadable } from './errors.js';
import { fileLines } from './file-lines.js';
import { endSchema, FORMAT, type Header, headerSchema, VERSION } from './format.js';
import { Limits } from './limits.js';
import { contentOf, happenedSchema, type Line, wholeSchema } from './schema.js';

/**
 * The ledger of a run that was saved to a file, for every chart, analysis and check. Needs no Kafka.
 * @throws LabError BAD_INPUT where the file is no such run, or is not whole; SYSTEM_REFUSED
 */
export function openRun(file: string): Ledger {
  let written: Header['written'] = 'whole';
  const lines = fileLines(file, () =>
    written === 'whole'
      ? unreadable(file, 'It ends in the middle of a line: a part of it is missing')
      : halfLine(file),
  );
  const first = lines.next();
  if (first.done) throw unreadable(file, 'It is empty');
  const header = headerOf(file, first.value);
  ({ written } = header);
  const begun = new Beginnings();
  const contents = begun.leftOut(contentsOf(file, lines, header));
  const whole = Ledger.of(contents, header.written === 'whole' ? header.keptFrom : undefined);
  return begun.of(whole);
}

function headerOf(file: string, line: string): Header {
  const first = parsed(file, line, 1) as Partial<Header> | null;
  if (first?.format !== FORMAT) throw unreadable(file, 'It does not begin as a run does', 1);
  if (first.version !== VERSION) throw otherVersion(file, first.version, VERSION);
  return checked(file, headerSchema, first, 1);
}

function* contentsOf(
  file: string,
  lines: Iterator<string>,
  { written }: Header,
): Generator<Content> {
  const schema = written === 'whole' ? wholeSchema : happenedSchema;
  const limits = new Limits();
  let number = 1;
  for (let next = lines.next(); !next.done; next = lines.next()) {
    const line = parsed(file, next.value, ++number);
    if (written === 'whole' && isEnd(line)) {
      requireEnd(file, checked(file, endSchema, line, number), number, lines);
      return;
    }
    const content = checked<Line>(file, schema, line, number);
    const exceeded = limits.exceededBy(content);
    if (exceeded) throw unreadable(file, exceeded, number);
    yield contentOf(content);
  }
  if (written === 'whole') throw unreadable(file, 'It has no last line: a part of it is missing');
}

function isEnd(line: unknown): boolean {
  return (line as { kind?: unknown } | null)?.kind === 'end';
}

function requireEnd(
  file: string,
  { lines: told }: { lines: number },
  number: number,
  lines: Iterator<string>,
): void {
  const found = number - 2;
  if (told !== found)
    throw unreadable(file, `Its last line tells of ${told} lines, and there are ${found}`);
  if (!lines.next().done) throw unreadable(file, 'Something comes after its last line', number + 1);
}

function parsed(file: string, line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw unreadable(file, 'It is not JSON', number);
  }
}

function checked<T>(file: string, schema: z.ZodType<T>, line: unknown, number: number): T {
  const result = schema.safeParse(line);
  if (result.success) return result.data;
  throw unreadable(file, whyNot(result.error), number);
}

/** Names no more of the file than fields that are known: what else it holds may be anything. */
function whyNot({ issues: [issue] }: z.ZodError): string {
  const [field] = issue?.path ?? [];
  if (issue?.code === 'unrecognized_keys') return 'A field that no run has';
  if (typeof field !== 'string' || !/^\w{1,20}$/.test(field)) return 'No fact that is known here';
  return `No fact: its "${field}" is not what it should be`;
}
