import type { LabError } from '../../errors.js';

export interface Given {
  value: string;
  /** The setting that says so. */
  property: string;
}

/** Settings of Kafka's by name, and what can be wrong with them. */
export interface Properties {
  get(name: string): string | undefined;
  /** A path in it begins at its own folder. */
  path(name: string): string;
  /** The file does not do. */
  bad(what: string, fix: string): LabError;
}

/** What the lab reads of a file of Kafka's settings; the last row has librdkafka's names, which such files have, too. */
const USED = new Set([
  ...['bootstrap.servers', 'security.protocol', 'sasl.mechanism', 'sasl.jaas.config'],
  ...['ssl.truststore.type', 'ssl.truststore.location', 'ssl.truststore.certificates'],
  ...['ssl.keystore.type', 'ssl.keystore.location', 'ssl.keystore.certificate.chain'],
  ...['ssl.keystore.key', 'ssl.key.password'],
  'sasl.oauthbearer.token.endpoint.url',
  ...['sasl.mechanisms', 'sasl.username', 'sasl.password', 'ssl.ca.location'],
  ...['ssl.certificate.location', 'ssl.key.location'],
]);

/** Settings of security that Kafka knows, and that change nothing where the lab can come in at all. */
const KNOWN = new RegExp(
  `^(${[
    'ssl\\.(protocol|provider|enabled\\.protocols|cipher\\.suites|secure\\.random\\.implementation)',
    'ssl\\.(keymanager|trustmanager|endpoint\\.identification)\\.algorithm',
    'ssl\\.(truststore|keystore)\\.password',
    'sasl\\.(kerberos|login|oauthbearer)\\..+|sasl\\.client\\.callback\\.handler\\.class',
  ].join('|')})$`,
);

/** Those without which a connection would not be what its owner meant. */
const WITHOUT: Record<string, string> = {
  'config.providers': 'Write the values themselves into a copy of the file.',
  'security.providers': 'Take a copy of the file without it.',
  'ssl.engine.factory.class': 'Take a copy of the file without it, with certificates in PEM.',
  'sasl.login.class': 'Take a copy of the file without it.',
};

/** @throws LabError BAD_INPUT at a setting by which the lab would have to go, and cannot */
export function requireUsable(names: string[], { bad, get }: Properties): void {
  for (const name of names) {
    const fix = WITHOUT[name];
    if (fix && get(name))
      throw bad(`Its ${name} is Java’s alone; the lab’s clients cannot follow it.`, fix);
    if (!/^(sasl|ssl|security|bootstrap)\./.test(name) || USED.has(name) || KNOWN.test(name))
      continue;
    throw bad(
      `It has ${JSON.stringify(name)}, which is no setting that the lab knows.`,
      'Correct the name, or take a copy of the file without it.',
    );
  }
}

export function unusedOf(names: string[]): string[] {
  return names.filter((name) => !USED.has(name)).sort();
}
