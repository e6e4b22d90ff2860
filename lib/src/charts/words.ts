import type { Ledger } from '../ledger/index.js';

/** "0", "0 and 1", "0, 1 and 2". */
export function list(items: readonly (string | number)[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** "1 record", "2 records". */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Milliseconds as seconds, "0.21 s". */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** A topic or group without run and learner, which its name carries: `ann.orders.05-scaling.k3f` is `orders`. */
export function shortName(name: string): string {
  const ofLearner = /^[\w-]+\.([\w-]+)\.[\w-]+\.[a-z2-9]{3}$/.exec(name)?.[1];
  return ofLearner ?? (name.split('.', 1)[0] as string);
}

/**
 * Text from a record, safe and short enough to be shown anywhere: control characters made visible, 40 characters at most.
 */
export function shown(text: string): string {
  const visible = text.replace(/\p{C}/gu, '\u{FFFD}');
  return visible.length > 40 ? `${visible.slice(0, 39)}…` : visible;
}

/** What to add to a sentence once the ledger has given up the detail of the oldest records of a topic. */
export function older(ledger: Ledger, topic: string): string {
  const forgotten = ledger.trail('produced', { topic }).forgotten;
  return forgotten > 0 ? ` Of the oldest ${count(forgotten, 'record')} only counts are kept.` : '';
}
