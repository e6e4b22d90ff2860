const SHOWN = 200;
const SHOWN_BYTES = 16;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text; undefined where they are no valid UTF-8. */
export function decoded(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Text from outside in a form that can only be read: whatever could move the cursor, colour the terminal or turn the
 * writing round is shown as \n, \x1b, \u202e.
 */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const named = NAMED[character];
    if (named) return named;
    const code = character.codePointAt(0) as number;
    if (code < 0x100) return `\\x${hex(code, 2)}`;
    return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 1)}}`;
  });
}

const NAMED: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** A key or value for a person: on one line, harmless, 200 characters at most. `null` stays the word. */
export function readable(bytes: Buffer | null): string {
  if (bytes === null) return 'null';
  const text = decoded(bytes);
  if (text === undefined) return readableBytes(bytes);
  // A character is at most two units; what lies beyond need not be looked at.
  const characters = Array.from(text.slice(0, 2 * SHOWN + 2));
  if (characters.length <= SHOWN) return visible(text);
  return `${visible(characters.slice(0, SHOWN).join(''))}… (${text.length} characters)`;
}

function readableBytes(bytes: Buffer): string {
  const start = bytes
    .subarray(0, SHOWN_BYTES)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
  return `(${bytes.length} bytes, not text: ${start}${bytes.length > SHOWN_BYTES ? ' …' : ''})`;
}

/** One line of JSON that is harmless even on a terminal: JSON itself leaves DEL, C1 and the like as they are. */
export function jsonLine(value: object): string {
  return JSON.stringify(value).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((i) => `\\u${hex(character.charCodeAt(i), 4)}`)
      .join(''),
  );
}
