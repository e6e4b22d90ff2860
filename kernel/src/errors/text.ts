/** In characters: what a notebook beside its sidebars shows without a break, which would part a caret from what it means. */
const MAX_WIDTH = 80;

export function red(text: string): string {
  return `\u001b[31m${text}\u001b[39m`;
}

/** What code reads names of earlier cells, and imported ones, from. */
const READ_FROM = /__(?:scope|imports)_{2,}(?:\[\d+\])?\./g;

/** What JavaScript says of names, with the names as they were written. */
export function asWritten(message: string): string {
  return message.replace(/\(0 , (__\w+__[^()\s]*)\)/g, '$1').replace(READ_FROM, '');
}

/**
 * A line of source, indented, and under it a caret at `column` (counted from 0), `length` wide. Of a long line the part
 * that is meant, and what is around it.
 */
export function caret(line: string, column: number, length = 1): string[] {
  if (column > line.length) return [`    ${line.slice(0, MAX_WIDTH)}`];
  const fits = column + Math.min(length, MAX_WIDTH / 2) <= MAX_WIDTH;
  const from = fits ? 0 : column - MAX_WIDTH / 2;
  const shown = `${fits ? '' : '…'}${line.slice(fits ? 0 : from + 1, from + MAX_WIDTH)}`;
  const space = shown.slice(0, column - from).replace(/[^\t]/g, ' '); // tabs keep their width
  const width = Math.max(1, Math.min(length, shown.length - space.length));
  return [`    ${shown}`, `    ${space}${'^'.repeat(width)}`];
}
