import type { Connection } from '../../broker/index.js';

/** Where Kafka is, as clients of @platformatic/kafka want it. */
export interface PlatformaticConnection {
  bootstrapBrokers: string[];
  tls?: Exclude<Connection['ssl'], boolean | undefined> | Record<string, never>;
  sasl?:
    | { mechanism: Mechanism; username: string; password: () => string }
    | { mechanism: 'OAUTHBEARER'; token: () => Promise<string> };
}

type Mechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

/** The same as for kafkajs, in the other client's words. What is printed does not show secrets. */
export function platformaticConnection({ brokers, ssl, sasl }: Connection): PlatformaticConnection {
  return {
    bootstrapBrokers: brokers,
    ...(ssl && { tls: ssl === true ? {} : ssl }),
    ...(sasl && { sasl: saslOf(sasl) }),
  };
}

function saslOf(
  sasl: NonNullable<Connection['sasl']>,
): NonNullable<PlatformaticConnection['sasl']> {
  if (sasl.mechanism === 'oauthbearer')
    return { mechanism: 'OAUTHBEARER', token: () => sasl.token() };
  return {
    mechanism: sasl.mechanism.toUpperCase() as Mechanism,
    username: sasl.username,
    password: () => sasl.password,
  };
}
