import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';

const LONGEST = 200;

/**
 * A record's key as text. Bytes that are no UTF-8 become `\xff`, so that two different keys never look the same, and of a
 * key of more than 200 characters the first 100 and a checksum are kept: a key may be a megabyte.
 */
export function keyText(key: Uint8Array | string | null | undefined): string | null {
  if (key === null || key === undefined) return null;
  if (typeof key === 'string') return boundedKey(key);
  const bytes = Buffer.isBuffer(key)
    ? key
    : Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  if (isUtf8(bytes)) return boundedKey(bytes.toString());
  const text = escapedText(bytes.subarray(0, LONGEST));
  return bytes.length > LONGEST ? shortened(text, bytes) : boundedKey(text);
}

/** Bytes as text; those that are no UTF-8 as `\xff`. */
export function bytesText(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString() : escapedText(bytes);
}

function escapedText(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[^\x20-\x7e]/g, escaped);
}

function boundedKey(key: string): string {
  return key.length > LONGEST ? shortened(key, key) : key;
}

function escaped(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function shortened(text: string, whole: string | Buffer): string {
  const sum = createHash('sha256').update(whole).digest('hex').slice(0, 8);
  return `${text.slice(0, 100)}…(${whole.length}, ${sum})`;
}
