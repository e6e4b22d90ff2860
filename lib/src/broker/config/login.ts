import { inspect } from 'node:util';
import { bad } from './environment.js';
import type { Settings } from './sources.js';

export const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type Mechanism = (typeof MECHANISMS)[number];

/** What kafkajs takes as `sasl`; its types want one mechanism at a time. */
export type Sasl = { [M in Mechanism]: Password<M> }[Mechanism];

interface Password<M extends Mechanism> {
  mechanism: M;
  username: string;
  password: string;
}

/** What kafkajs takes as `sasl`. Printed, inspected, copied or made JSON, it does not show its password. */
export class Login<M extends Mechanism = Mechanism> {
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

/** @throws LabError BAD_INPUT */
export function loginFrom(settings: Settings): Sasl | undefined {
  const { value, source } = settings;
  const given = value('KAFKA_SASL_MECHANISM')?.trim().toLowerCase();
  const username = value('KAFKA_SASL_USERNAME');
  const password = value('KAFKA_SASL_PASSWORD');
  if (!given && !username && !password) return undefined;
  const mechanism = mechanismOf(settings, given ?? 'plain');
  if (username && password) return new Login(mechanism, username, password) as Sasl;
  const missing = username ? 'KAFKA_SASL_PASSWORD' : 'KAFKA_SASL_USERNAME';
  const other = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'].find(value);
  throw bad(
    `${missing} is not set, ${source(other as string)} is.`,
    settings.file
      ? `Set ${missing}, or sasl.jaas.config in ${settings.file}.`
      : `Set ${missing} too, or remove the other KAFKA_SASL_ variables.`,
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
    fix: 'Ask for a user with SCRAM-SHA-512, which Amazon MSK keeps in AWS Secrets Manager, or for a client certificate.',
  },
};
