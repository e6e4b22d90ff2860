import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import {
  type Content,
  type Header,
  type Message,
  type Parent,
  PROTOCOL_VERSION,
} from '../messages.js';

/** As many as Jupyter's own sessions remember. */
const MAX_SEEN = 65_536;
const DELIMITER = Buffer.from('<IDS|MSG>');

/** Messages to frames and back: signs what goes out, refuses what is not signed. */
export class Wire {
  private readonly session = randomUUID();
  private readonly digest: string;
  /** The signatures of what came in, in that order. */
  private readonly seen = new Set<string>();

  constructor(
    private readonly key: string,
    scheme = 'hmac-sha256',
  ) {
    this.digest = scheme.replace(/^hmac-/, '');
    this.sign([]); // an unknown scheme fails here and not at the first message
  }

  /** @throws Error which says what is wrong with the frames. */
  parse(frames: Buffer[]): Message {
    const at = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (at < 0) throw new Error('no delimiter');
    const [signature, ...parts] = frames.slice(at + 1);
    if (!signature || parts.length < 4) throw new Error('frames missing');
    if (!this.verify(signature, parts)) throw new Error('bad signature');
    this.remember(signature.toString());
    const [header, parent, metadata, content] = parts.slice(0, 4).map(parseObject);
    const { msg_id, msg_type } = header as Partial<Header>;
    if (typeof msg_id !== 'string' || typeof msg_type !== 'string') throw new Error('bad header');
    return {
      identities: frames.slice(0, at),
      header: header as unknown as Header,
      parent: parent as Partial<Header>,
      metadata: metadata as Content,
      content: content as Content,
    };
  }

  /** The frames of a message of ours; `parent` is the request that it belongs to. */
  frames(
    msg_type: string,
    content: object,
    to: { identities: Buffer[]; parent: Parent | undefined; id?: string },
  ): (Buffer | string)[] {
    const { identities, parent, id = randomUUID() } = to;
    const header: Header = {
      msg_id: id,
      session: this.session,
      username: 'kernel',
      date: new Date().toISOString(),
      msg_type,
      version: PROTOCOL_VERSION,
    };
    const parts = [header, parent?.header ?? {}, {}, content].map((part) => JSON.stringify(part));
    return [...identities, DELIMITER, this.sign(parts), ...parts];
  }

  private sign(parts: (Buffer | string)[]): string {
    if (!this.key) return '';
    const hmac = createHmac(this.digest, this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  /** Who listened to a message cannot have it obeyed again: what was signed is taken once. */
  private remember(signature: string): void {
    if (!this.key) return;
    if (this.seen.has(signature)) throw new Error('sent before');
    const [oldest] = this.seen.size < MAX_SEEN ? [] : this.seen;
    if (oldest !== undefined) this.seen.delete(oldest);
    this.seen.add(signature);
  }

  private verify(signature: Buffer, parts: Buffer[]): boolean {
    const expected = Buffer.from(this.sign(parts));
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  }
}

function parseObject(frame: Buffer): Content {
  const value: unknown = JSON.parse(frame.toString());
  if (typeof value !== 'object' || value === null) throw new Error('not an object');
  return value as Content;
}
