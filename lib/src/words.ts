/** "1 record", "2 records". */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** "0", "0 and 1", "0, 1 and 2". */
export function list(items: readonly (string | number)[], word: 'and' | 'or' = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
}

/** "partition 0", "partitions 0 and 1". */
export function partitionsNamed(numbers: readonly number[]): string {
  return `${numbers.length === 1 ? 'partition' : 'partitions'} ${list(numbers)}`;
}
