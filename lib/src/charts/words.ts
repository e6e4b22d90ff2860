import type { Ledger, Preview } from '../ledger/index.js';

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

/** The short names of several topics or groups; in full where two would look the same. */
export function shortNames(names: readonly string[]): (name: string) => string {
  const all = [...new Set(names)].map(shortName);
  const isShared = (short: string) => all.indexOf(short) !== all.lastIndexOf(short);
  return (name) => (isShared(shortName(name)) ? name : shortName(name));
}

const MOST_OF_KEY = 40;

/**
 * Text from a record, safe and short enough to be shown anywhere: control characters made visible, 40 characters at most.
 */
export function shown(text: string, most = MOST_OF_KEY): string {
  const visible = text.replace(/\p{C}/gu, '\u{FFFD}');
  return visible.length > most ? `${visible.slice(0, most - 1).replace(HALF, '')}…` : visible;
}

/** Of a character that takes two units the first alone is none. */
const HALF = /[\ud800-\udbff]$/;

/** How a value begins, in the same way: so many characters at most, and the size of what is longer. */
export function shownValue({ text, size, isCut }: Preview, most: number): string {
  if (text === null) return 'no value';
  if (size === 0) return '0 bytes';
  const start = shown(isCut ? `${text}…` : text, most);
  return start.endsWith('…') ? `${start} (${count(size, 'byte')})` : start;
}

/** What to add to a sentence once the ledger has given up the detail of the oldest records of a topic. */
export function older(ledger: Ledger, topic: string): string {
  const forgotten = ledger.trail('produced', { topic }).forgotten;
  return forgotten > 0 ? ` Of the oldest ${count(forgotten, 'record')} only counts are kept.` : '';
}
