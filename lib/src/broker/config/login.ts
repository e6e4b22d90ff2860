import { inspect } from 'node:util';

export const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type Mechanism = (typeof MECHANISMS)[number];

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
