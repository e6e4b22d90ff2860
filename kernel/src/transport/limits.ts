import type { MimeBundle } from '../messages.js';

/** Characters a cell may print. Jupyter's server drops what comes faster than 3 MB in 3 s. */
export const MAX_TEXT = 2_000_000;
/** Displays a cell may make; updates of one count as one. */
export const MAX_DISPLAYS = 1000;
/** Characters of one display, or of the result of a cell. */
export const MAX_BUNDLE = 10_000_000;

interface Tally {
  text: number;
  displays: number;
  /** What was cut. */
  cutText: number;
  cutDisplays: number;
}

/** Keeps what one cell shows within what a front end can draw, and counts what it leaves out. */
export class Limits {
  private readonly tallies = new WeakMap<object, Tally>();

  /** The part of the text that may be shown; `first` when this is the first time that anything is cut. */
  text(cell: object, text: string): { shown: string; first: boolean } {
    const tally = this.tally(cell);
    const shown = text.slice(0, Math.max(0, MAX_TEXT - tally.text));
    const first = isWhole(tally) && shown.length < text.length;
    tally.text += text.length;
    tally.cutText += text.length - shown.length;
    return { shown, first };
  }

  /** Whether one more display may be shown; `first` as above. */
  display(cell: object): { shown: boolean; first: boolean } {
    const tally = this.tally(cell);
    const shown = ++tally.displays <= MAX_DISPLAYS;
    const first = isWhole(tally) && !shown;
    if (!shown) tally.cutDisplays++;
    return { shown, first };
  }

  /** What was cut so far, as a sentence; undefined if nothing was. */
  summary(cell: object): string | undefined {
    const tally = this.tally(cell);
    if (isWhole(tally)) return undefined;
    const { cutText, cutDisplays } = tally;
    const parts = [
      ...(cutText ? [`${count(cutText)} characters`] : []),
      ...(cutDisplays ? [`${count(cutDisplays)} displays`] : []),
    ];
    return `[${parts.join(' and ')} of this cell were not shown.]\n`;
  }

  /** Starts anew: what the cell had shown is gone from the screen. */
  clear(cell: object): void {
    this.tallies.delete(cell);
  }

  private tally(cell: object): Tally {
    const known = this.tallies.get(cell);
    if (known) return known;
    const tally = { text: 0, displays: 0, cutText: 0, cutDisplays: 0 };
    this.tallies.set(cell, tally);
    return tally;
  }
}

/** The note at the place of the cut. */
export const CUT = `\n[Output cut: a cell may show ${count(MAX_TEXT)} characters of text and ${count(MAX_DISPLAYS)} displays. What follows is not shown.]\n`;

/** The bundle without the MIME types that make it too large, and a note of them in its text. */
export function fitBundle(data: MimeBundle): MimeBundle {
  const sizes = Object.entries(data).map(([type, content]) => ({ type, size: sizeOf(content) }));
  let total = sizes.reduce((sum, { size }) => sum + size, 0);
  if (total <= MAX_BUNDLE) return data;
  const fitted = { ...data };
  const notes: string[] = [];
  for (const { type, size } of sizes.sort((a, b) => b.size - a.size)) {
    if (total <= MAX_BUNDLE) break;
    total -= size;
    delete fitted[type];
    notes.push(
      `[${type} of ${count(size)} characters not shown: a display may have ${count(MAX_BUNDLE)}.]`,
    );
  }
  const text = typeof fitted['text/plain'] === 'string' ? [fitted['text/plain']] : [];
  return { ...fitted, 'text/plain': [...text, ...notes].filter(Boolean).join('\n') };
}

/** The text, or its beginning and how much was cut. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit)}\n[${count(text.length - limit)} more characters not shown.]`;
}

function sizeOf(content: unknown): number {
  return (typeof content === 'string' ? content : (JSON.stringify(content) ?? '')).length;
}

function isWhole({ cutText, cutDisplays }: Tally): boolean {
  return cutText === 0 && cutDisplays === 0;
}

function count(number: number): string {
  return number.toLocaleString('en');
}
