type Cell = string | number | null;

/** Lines of a table: words to the left, numbers to the right, a dash for what is unknown. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const shown = rows.map((row) => row.map((cell) => (cell === null ? '-' : String(cell))));
  const widths = head.map((title, i) =>
    Math.max(title.length, ...shown.map((row) => (row[i] as string).length)),
  );
  const right = head.map(
    (_, i) => rows.length > 0 && rows.every((row) => typeof row[i] !== 'string'),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [line(head), ...shown.map(line)];
}
