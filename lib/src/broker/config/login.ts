import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { root } from '../../paths.js';
import { bad } from './environment.js';
import type { Settings } from './sources.js';
import { TokenLogin, type TokenSource } from './token.js';

const PASSWORDS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const MECHANISMS = [...PASSWORDS, 'oauthbearer'] as const;
export type Mechanism = (typeof MECHANISMS)[number];
type ByPassword = (typeof PASSWORDS)[number];

/** What kafkajs takes as `sasl`; its types want one mechanism at a time. */
export type Sasl = PasswordSasl | TokenLogin;
export type PasswordSasl = { [M in ByPassword]: Password<M> }[ByPassword];

interface Password<M extends ByPassword> {
  mechanism: M;
  username: string;
  password: string;
}

/** What kafkajs takes as `sasl`. Printed, inspected, copied or made JSON, it does not show its password. */
export class Login<M extends ByPassword = ByPassword> {
  readonly #password: string;

  constructor(
    readonly mechanism: M,
    readonly username: string,
    password: string,
  ) {
    this.#password = password;
  }

  get password(): string {
    return this.#password;
  }

  [inspect.custom](): object {
    return { mechanism: this.mechanism, username: this.username, password: '***' };
  }
}

/** A copy that JSON keeps whole, and what is made of it again in the process that reads it. */
export type SaslAsJson =
  | PasswordSasl
  | { mechanism: 'oauthbearer'; source: TokenSource; name: string };

export function saslAsJson(sasl: Sasl): SaslAsJson {
  if (sasl instanceof TokenLogin) {
    const { mechanism, source, name } = sasl;
    return { mechanism, source, name };
  }
  const { mechanism, username, password } = sasl;
  return { mechanism, username, password } as PasswordSasl;
}

export function saslFromJson(sasl: SaslAsJson): Sasl {
  return sasl.mechanism === 'oauthbearer' ? new TokenLogin(sasl.source, sasl.name) : sasl;
}

/** @throws LabError BAD_INPUT */
export function loginFrom(settings: Settings): Sasl | undefined {
  const { value } = settings;
  const given = value('KAFKA_SASL_MECHANISM')?.trim().toLowerCase();
  const token = TOKEN.find(value);
  const password = ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'].find(value);
  if (!given && !token && !password) return undefined;
  const mechanism = mechanismOf(settings, given ?? (token ? 'oauthbearer' : 'plain'));
  return mechanism === 'oauthbearer'
    ? tokenLogin(settings)
    : passwordLogin(settings, mechanism, token);
}

function passwordLogin(settings: Settings, mechanism: ByPassword, token: string | undefined): Sasl {
  const { value, source } = settings;
  if (token)
    throw bad(
      `${source(token)} is set, and ${source('KAFKA_SASL_MECHANISM')} is ${mechanism}, which takes no token.`,
      `Set KAFKA_SASL_MECHANISM=oauthbearer, or remove ${token}.`,
    );
  const username = value('KAFKA_SASL_USERNAME');
  const password = value('KAFKA_SASL_PASSWORD');
  if (username && password) return new Login(mechanism, username, password) as PasswordSasl;
  const missing = username ? 'KAFKA_SASL_PASSWORD' : 'KAFKA_SASL_USERNAME';
  const other = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'].find(value);
  throw bad(
    `${missing} is not set, ${source(other as string)} is.`,
    settings.file
      ? `Set ${missing}, or sasl.jaas.config in ${settings.file}.`
      : `Set ${missing} too, or remove the other KAFKA_SASL_ variables.`,
  );
}

const TOKEN = ['KAFKA_SASL_TOKEN_FILE', 'KAFKA_SASL_TOKEN_COMMAND'] as const;

function tokenLogin({ value, source }: Settings): TokenLogin {
  const [file, command] = TOKEN.map(value);
  if (file && command)
    throw bad(`${TOKEN.map(source).join(' and ')} are both set.`, 'Remove one of the two.');
  if (file) return new TokenLogin({ file: resolve(root, file.trim()) }, source(TOKEN[0]));
  if (command) return new TokenLogin({ command }, source(TOKEN[1]));
  throw bad(
    `${source('KAFKA_SASL_MECHANISM')} asks for a token, and nothing says where one comes from.`,
    `Set ${TOKEN[0]} to a file that holds one, or ${TOKEN[1]} to a command that prints one.`,
  );
}

function mechanismOf(settings: Settings, given: string): Mechanism {
  const mechanism = MECHANISMS.find((known) => known === given);
  if (mechanism) return mechanism;
  const name = settings.source('KAFKA_SASL_MECHANISM');
  const known = AROUND[given];
  if (known) throw bad(`${name} is ${given.toUpperCase()}: ${known.what}.`, known.fix);
  throw bad(`${name} is not one that the lab knows.`, `Set it to one of ${MECHANISMS.join(', ')}.`);
}

/** Ways to log in that the lab's clients have not, and the way around. */
const AROUND: Record<string, { what: string; fix: string }> = {
  gssapi: {
    what: 'that is Kerberos, which Kafka’s clients take where no mechanism is set, and which the lab’s have not',
    fix: `Set it to what that Kafka takes besides: ${MECHANISMS.join(', ')}; or ask for a listener with one of them, or with client certificates.`,
  },
  aws_msk_iam: {
    what: 'that needs a package of Amazon’s in the client',
    fix:
      'Have that package give a token: set KAFKA_SASL_MECHANISM=oauthbearer, and KAFKA_SASL_TOKEN_COMMAND to a command that prints one ' +
      '(docs/own-kafka.md has it); or ask for a user with SCRAM-SHA-512, or for a client certificate.',
  },
};
