import type { Finding } from '../checker/checker.js';
import type { Content } from '../messages.js';

/** A string or a regular expression that its line does not end: no further line can. */
const BROKEN_LINE = [1002, 1161];

/** Content of is_complete_reply: incomplete is what lacks nothing but more. `syntax` says what is wrong with code. */
export function isComplete(syntax: (code: string) => Finding[], code: string): Content {
  const faults = syntax(code);
  if (faults.length === 0) return { status: 'complete' };
  const end = code.trimEnd().length;
  const lacksMore = faults.every(
    (fault) => fault.start >= end && !BROKEN_LINE.includes(fault.code),
  );
  return lacksMore ? { status: 'incomplete', indent: indentAfter(code) } : { status: 'invalid' };
}

/** As deep as the last line, and two spaces deeper if that opens something. */
function indentAfter(code: string): string {
  const last = code.trimEnd().split('\n').at(-1) ?? '';
  const [indent = ''] = /^\s*/.exec(last) ?? [];
  return /[{([]\s*$/.test(last) ? `${indent}  ` : indent;
}
