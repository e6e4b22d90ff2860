import { keyText } from './keys.js';
import { Names } from './names.js';

/** A key as a client has it: bytes as they come, text as it is sent, or none. */
export type Key = Uint8Array | string | null | undefined;

const SLOTS = 4096;
/** Where a key may be: keys with the same sum do not push each other out. */
const NEIGHBOURS = 4;
/** Longer ones are rare, and made text of. */
const LONGEST = 64;
const ASCII = 127;

/**
 * Keys by number, 0 for none. A key that came lately is known by its bytes: making text of each record's key would take
 * longer than all else that is noted of it.
 */
export class KeyNumbers {
  private readonly names = new Names();
  /** By a sum of the bytes: the numbers of keys that had it, which need not be the same ones. */
  private readonly recent = new Uint32Array(SLOTS + NEIGHBOURS);

  numberOf(key: Key): number {
    if (key === null || key === undefined) return 0;
    const slot = typeof key === 'string' ? sumOfText(key) : sumOfBytes(key);
    if (slot < 0) return this.names.numberOf(keyText(key) as string) + 1;
    let free = slot;
    for (let at = slot; at < slot + NEIGHBOURS; at++) {
      const known = this.recent[at] as number;
      if (known === 0) {
        free = at;
        break;
      }
      const name = this.names.nameOf(known - 1);
      if (typeof key === 'string' ? name === key : isSame(name, key)) return known;
    }
    const text = typeof key === 'string' ? key : Buffer.prototype.latin1Slice.call(key);
    const number = this.names.numberOf(text) + 1;
    this.recent[free] = number;
    return number;
  }

  nameOf(number: number): string | null {
    return number === 0 ? null : this.names.nameOf(number - 1);
  }
}

/** -1 for what is no short ASCII text: that may look different as text. */
function sumOfBytes(key: Uint8Array): number {
  const { length } = key;
  if (length > LONGEST) return -1;
  let sum = length;
  for (let i = 0; i < length; i++) {
    const byte = key[i] as number;
    if (byte > ASCII) return -1;
    sum = Math.imul(sum ^ byte, 0x01000193);
  }
  return (sum ^ (sum >>> 15)) & (SLOTS - 1);
}

function sumOfText(key: string): number {
  const { length } = key;
  if (length > LONGEST) return -1;
  let sum = length;
  for (let i = 0; i < length; i++) {
    const code = key.charCodeAt(i);
    if (code > ASCII) return -1;
    sum = Math.imul(sum ^ code, 0x01000193);
  }
  return (sum ^ (sum >>> 15)) & (SLOTS - 1);
}

function isSame(name: string, key: Uint8Array): boolean {
  if (name.length !== key.length) return false;
  for (let i = 0; i < key.length; i++) if (name.charCodeAt(i) !== key[i]) return false;
  return true;
}
