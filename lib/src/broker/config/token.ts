import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import type { AuthenticationProviderArgs } from 'kafkajs';
import { LabError, messageOf } from '../../errors.js';
import { outputOf } from './token-command.js';

/** Where tokens come from: a file that somebody renews, or a command that prints one. */
export type TokenSource = { file: string } | { command: string };

/** In ms. A token is asked for anew when so little of its time is left. */
const MARGIN = 30_000;
/** How long one is used again that does not say when it ends. */
const OPAQUE = 60_000;

/**
 * What kafkajs takes as `sasl` for OAUTHBEARER: whoever connects gets a token that is good now. Printed, inspected, copied or
 * made JSON, it shows none.
 */
export class TokenLogin {
  readonly mechanism = 'oauthbearer';
  readonly #source: TokenSource;
  #kept: { value: string; until: number } | undefined;
  #coming: Promise<string> | undefined;

  /** @param name what says where tokens come from, for messages */
  constructor(
    source: TokenSource,
    readonly name: string,
  ) {
    this.#source = source;
  }

  /** For the standard input of a process of ours, and nothing else: the command may hold secrets. */
  get source(): TokenSource {
    return this.#source;
  }

  /**
   * What kafkajs calls, as its documentation has it for mechanisms of one's own. Its own of this one takes no notice of a refusal,
   * which comes as an answer. A property, so that it is there in a copy, too.
   */
  readonly authenticationProvider = ({ saslAuthenticate }: AuthenticationProviderArgs) => ({
    authenticate: async () => {
      const text = Buffer.from(`n,,\u0001auth=Bearer ${await this.token()}\u0001\u0001`);
      const request = { encode: () => sized(text) };
      const response = { decode: (answer: Buffer) => answer, parse: isRefusal };
      if (!(await saslAuthenticate({ request, response }))) return;
      const { KafkaJSSASLAuthenticationError } = await import('kafkajs');
      const Refused = KafkaJSSASLAuthenticationError as new (message: string) => Error;
      throw new Refused('SASL OAUTHBEARER: the token is refused');
    },
  });

  /**
   * A token. That of a command is used until shortly before its end, by all who ask meanwhile; a file is read each time.
   * @throws LabError BAD_INPUT, which repeats neither token nor command
   */
  async token(): Promise<string> {
    if (this.#kept && Date.now() < this.#kept.until) return this.#kept.value;
    this.#coming ??= this.fetch().finally(() => (this.#coming = undefined));
    return this.#coming;
  }

  [inspect.custom](): object {
    return { mechanism: this.mechanism, token: '***' };
  }

  private async fetch(): Promise<string> {
    const source = this.#source;
    const text =
      'command' in source ? await outputOf(source.command, this.name) : this.read(source.file);
    const value = text.trim();
    // What RFC 6750 lets a token consist of.
    if (!/^[\w.~+/-]+=*$/.test(value))
      throw this.bad(value === '' ? 'gives no token' : 'gives something that is no token', MEND);
    const { exp } = claimsOf(value);
    const end = typeof exp === 'number' ? exp * 1000 : undefined;
    if (end !== undefined && end <= Date.now())
      throw this.bad(`gives a token that has expired, on ${new Date(end).toISOString()}`, RENEW);
    const until = end === undefined ? Date.now() + OPAQUE : end - MARGIN;
    if ('command' in source) this.#kept = { value, until };
    return value;
  }

  private read(file: string): string {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      throw this.bad(`names a file that cannot be read: ${messageOf(error)}`, MEND);
    }
  }

  private bad(what: string, fix: string): LabError {
    const why = 'The lab logs in to that Kafka by a token (OAUTHBEARER).';
    return new LabError('BAD_INPUT', { what: `${this.name} ${what}.`, why, fix });
  }
}

/** Kafka's bytes: their number in front. */
function sized(bytes: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}

/** To a token that is taken, the answer has no bytes; to another, why not: {"status":"invalid_token"}. */
const isRefusal = (answer: Buffer): boolean => /"status"/.test(answer.toString());

const MEND = 'Have it give a token, and nothing else.';
const RENEW = 'Renew it; the lab takes the new one by itself.';

/** What a JSON Web Token says of itself; nothing if it is another kind of token. */
function claimsOf(token: string): Record<string, unknown> {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}
