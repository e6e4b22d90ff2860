const { compare } = new Intl.Collator('en', { numeric: true });

/** The order of names: their numbers count as such, `shop-2` before `shop-10`. */
export function byName(a: string, b: string): number {
  return compare(a, b);
}
