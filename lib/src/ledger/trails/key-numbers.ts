import { keyText } from './keys.js';
import { Names } from './names.js';

/** A key as a client has it: bytes as they come, text as it is sent, or none. */
export type Key = Uint8Array | string | null | undefined;

const SLOTS = 4096;
/** Where a key may be: keys with the same sum do not push each other out. */
const NEIGHBOURS = 4;
/** A slot is what a processor fetches at once: number, length, and the letters of the key, four a word. */
const WORDS = 16;
const LETTERS = 2;
/** Longer ones are rare, and made text of. */
const LONGEST = (WORDS - LETTERS) * 4;
const NOT_ASCII = 0x80808080 | 0;

/** The key that is being looked for, as it would stand in a slot. */
const sought = new Int32Array(WORDS);

/**
 * Keys by number, 0 for none. A key that came lately is known by its bytes, four at a time: making text of each record's key
 * would take longer than all else that is noted of it.
 */
export class KeyNumbers {
  private readonly names = new Names();
  private readonly recent = new Int32Array((SLOTS + NEIGHBOURS) * WORDS);

  /** How many different keys came. */
  get size(): number {
    return this.names.size;
  }

  numberOf(key: Key): number {
    if (key === null || key === undefined) return 0;
    const slot = typeof key === 'string' ? seekText(key) : seekBytes(key);
    if (slot < 0) return this.names.numberOf(keyText(key) as string) + 1;
    const { recent } = this;
    let free = slot;
    for (let at = slot; at < slot + NEIGHBOURS; at++) {
      const number = recent[at * WORDS] as number;
      if (number === 0) {
        free = at;
        break;
      }
      if (isSought(recent, at * WORDS)) return number;
    }
    return this.enter(key, free * WORDS);
  }

  nameOf(number: number): string | null {
    return number === 0 ? null : this.names.nameOf(number - 1);
  }

  private enter(key: Uint8Array | string, at: number): number {
    const text = typeof key === 'string' ? key : Buffer.prototype.latin1Slice.call(key);
    const number = this.names.numberOf(text) + 1;
    this.recent.set(sought, at);
    this.recent[at] = number;
    return number;
  }
}

function isSought(recent: Int32Array, at: number): boolean {
  const length = sought[1] as number;
  if (recent[at + 1] !== length) return false;
  const end = LETTERS + ((length + 3) >> 2);
  for (let i = LETTERS; i < end; i++) if (recent[at + i] !== sought[i]) return false;
  return true;
}

/** Where to look for the key; -1 for what is no short ASCII text: that may look different as text. */
function seekBytes(key: Uint8Array): number {
  const { length } = key;
  if (length > LONGEST) return -1;
  sought[1] = length;
  let [sum, all, at, word] = [length, 0, 0, LETTERS];
  for (; at < length; at += 4, word++) {
    let letters = key[at] as number;
    if (at + 1 < length) letters |= (key[at + 1] as number) << 8;
    if (at + 2 < length) letters |= (key[at + 2] as number) << 16;
    if (at + 3 < length) letters |= (key[at + 3] as number) << 24;
    sought[word] = letters;
    all |= letters;
    sum = Math.imul(sum ^ letters, 0x9e3779b1);
  }
  return (all & NOT_ASCII) === 0 ? slotOf(sum) : -1;
}

/** The same for text: a key is one key, as bytes or as text. */
function seekText(key: string): number {
  const { length } = key;
  if (length > LONGEST) return -1;
  sought[1] = length;
  let [sum, word, letters] = [length, LETTERS, 0];
  for (let at = 0; at < length; at++) {
    const code = key.charCodeAt(at);
    if (code > 0x7f) return -1;
    letters |= code << ((at & 3) << 3);
    if ((at & 3) < 3 && at < length - 1) continue;
    sought[word++] = letters;
    sum = Math.imul(sum ^ letters, 0x9e3779b1);
    letters = 0;
  }
  return slotOf(sum);
}

function slotOf(sum: number): number {
  return (sum ^ (sum >>> 15)) & (SLOTS - 1);
}
