import type { Ledger, Preview, Reach, Trail } from '../../ledger/index.js';
import { count, partitionsNamed } from '../../words.js';

/** So many partitions are named one by one. */
export const MOST_NUMBERS = 12;

/** "partition 0", "partitions 0 and 2"; where they are many, how many. */
export function partitionsIn(numbers: readonly number[]): string {
  if (numbers.length > MOST_NUMBERS) return count(numbers.length, 'partition');
  return partitionsNamed(numbers);
}

/** The `most` items of greatest weight, in the order in which they came: what is shown where not all can be. */
export function telling<T>(
  items: readonly T[],
  most: number,
  weight: (item: T) => number,
): readonly T[] {
  if (items.length <= most) return items;
  const ranked = items
    .map((item, i) => ({ i, weight: weight(item) }))
    .sort((a, b) => b.weight - a.weight || a.i - b.i);
  const kept = new Set(ranked.slice(0, most).map(({ i }) => i));
  return items.filter((_, i) => kept.has(i));
}

/** Nobody listens to more, and a log line holds no more: a chart's sentence has less than 300 characters. */
export const MOST_OF_SENTENCE = 299;

interface Sentence<T> {
  /** What is named one by one, as far as there is room: those of greatest weight. */
  items: readonly T[];
  weight?: (item: T) => number;
  word: (item: T) => string;
  /** Makes a sentence of the words; the last of them may be "and 12 more". */
  say: (words: string[]) => string;
  /** How many more there are that cannot be told. */
  besides?: number;
  /** Sentences that come after, each with a full stop. */
  notes?: readonly string[];
}

/**
 * A sentence within its length: with as many items as fit, and how many more there are. Rather than without any item it goes
 * without the first notes: they tell what is drawn, which the picture says, too.
 */
export function sentence<T>(options: Sentence<T>): string {
  const { items, weight = () => 0, word, say, besides = 0, notes = [] } = options;
  const text = (n: number, after: readonly string[]) => {
    const left = items.length + besides - n;
    const words = telling(items, n, weight).map(word);
    return [say(left > 0 ? [...words, `${left} more`] : words), ...after].join(' ');
  };
  const most = Math.min(items.length, Math.floor(MOST_OF_SENTENCE / 4));
  for (let first = 0; first <= notes.length; first++) {
    for (let n = most; n >= Math.min(1, most); n--) {
      const fits = text(n, notes.slice(first));
      if (fits.length <= MOST_OF_SENTENCE) return shown(fits, MOST_OF_SENTENCE);
    }
  }
  return shown(text(0, notes), MOST_OF_SENTENCE);
}

/** A sentence and those of the notes, the weightiest first, that still fit within its length. */
export function noted(text: string, notes: readonly string[]): string {
  const longer = (all: string, note: string) =>
    all.length + note.length < MOST_OF_SENTENCE ? `${all} ${note}` : all;
  return notes.reduce(longer, text);
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
  const times = new Map<string, number>();
  for (const short of all) times.set(short, (times.get(short) ?? 0) + 1);
  return (name) => ((times.get(shortName(name)) ?? 0) > 1 ? name : shortName(name));
}

/** A name in words has so many characters at most. */
export const MOST_OF_NAME = 24;

/** A name's beginning and its end, where names that are alike differ; safe to be shown anywhere. */
export function brief(name: string, most = MOST_OF_NAME): string {
  if (name.length <= most) return shown(name);
  return shown(`${name.slice(0, most / 2)}…${name.slice(1 - most / 2)}`);
}

/** A topic or group in words: without run and learner, and brief. */
export const called = (name: string): string => brief(shortName(name));

export const MOST_OF_KEY = 40;

/**
 * Text from a record, safe and short enough to be shown anywhere: control characters made visible, 40 characters at most.
 */
export function shown(text: string, most = MOST_OF_KEY): string {
  const visible = text.replace(INVISIBLE, '\u{FFFD}');
  return visible.length > most ? `${visible.slice(0, most - 1).replace(HALF, '')}…` : visible;
}

/** Ends of lines, too, of which Vega takes two for ends of its own expressions. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Of a character that takes two units the first alone is none. */
const HALF = /[\ud800-\udbff]$/;

/** How a value begins, in the same way: so many characters at most, and the size of what is longer. */
export function shownValue({ text, size, isCut }: Preview, most: number): string {
  if (text === null) return 'no value';
  if (size === 0) return '0 bytes';
  const start = shown(isCut ? `${text}…` : text, most);
  return start.endsWith('…') ? `${start} (${count(size, 'byte')})` : start;
}

/** What to add to a chart of what happened since `start`, where the ledger has given up some of the detail. */
export function forgottenStretch(
  { keptFrom }: Ledger,
  { isCut, isWhole }: Reach,
  start: number,
): string[] {
  const stretch = keptFrom - start;
  if (isCut && stretch <= 0)
    return ['The first records are left out: of them only counts are kept.'];
  if (isCut) return [`The first ${seconds(stretch)} are left out: of them only counts are kept.`];
  if (!isWhole || stretch <= 0) return [];
  return [`Of the first ${seconds(stretch)} only counts are kept: they are not drawn.`];
}

/** What a sentence begins with that is about those facts only whose detail is kept. */
export function ofNewest({ forgotten, length }: Trail): string {
  return forgotten > 0 ? `Of the newest ${count(length, 'record')}: ` : '';
}

/** The same below the title of the picture. */
export function newestOnly({ forgotten, length }: Trail): string[] {
  return forgotten > 0 ? [`Only the newest ${count(length, 'record')} are drawn.`] : [];
}

/** What to add to a chart that draws `some` of `all`, and which: its picture and its sentence say so. */
export function leftOut(some: number, all: number, noun: string, which: string): string[] {
  return some < all
    ? [`${some} of ${count(all, noun)} ${some === 1 ? 'is' : 'are'} drawn: ${which}.`]
    : [];
}

/** A text in lines of at most so many letters, as far as it has spaces. */
export function inLines(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && longer.length <= letters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
