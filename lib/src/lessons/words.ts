/** "0", "0 and 1", "0, 1 and 2". */
export function listed(items: readonly (string | number)[], word: 'and' | 'or' = 'and'): string {
  const type = word === 'and' ? 'conjunction' : 'disjunction';
  return new Intl.ListFormat('en-GB', { type }).format(items.map(String));
}

/** "partition 0", "partitions 0 and 1". */
export function partitionsNamed(partitions: readonly number[]): string {
  return `${partitions.length === 1 ? 'partition' : 'partitions'} ${listed(partitions)}`;
}
