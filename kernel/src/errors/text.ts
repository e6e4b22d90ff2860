const MAX_WIDTH = 120;

export function red(text: string): string {
  return `\u001b[31m${text}\u001b[39m`;
}

/** What code reads names of earlier cells, and imported ones, from. */
const READ_FROM = /__(?:scope|imports)__(?:\[\d+\])?\./g;

/** What JavaScript says of names, with the names as they were written. */
export function asWritten(message: string): string {
  return message.replace(/\(0 , (__\w+__[^()\s]*)\)/g, '$1').replace(READ_FROM, '');
}

/** A line of source, indented, and under it a caret at `column` (counted from 0), `length` wide. */
export function caret(line: string, column: number, length = 1): string[] {
  const shown = line.slice(0, MAX_WIDTH);
  if (column > shown.length) return [`    ${shown}`];
  const space = shown.slice(0, column).replace(/[^\t]/g, ' '); // tabs keep their width
  const width = Math.max(1, Math.min(length, shown.length - column));
  return [`    ${shown}`, `    ${space}${'^'.repeat(width)}`];
}
