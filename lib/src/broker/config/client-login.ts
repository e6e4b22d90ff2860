import { fileURLToPath } from 'node:url';
import { type Jaas, parseJaas } from './jaas.js';
import type { Given, Properties } from './kafka-settings.js';

const JAAS = 'sasl.jaas.config';

/** How a file of Kafka's settings logs in, in the names of our variables: its own, or those of librdkafka's. */
export function loginOf(properties: Properties, sasl: boolean): [string, Given][] {
  const { get, bad } = properties;
  const names = [JAAS, 'sasl.username'];
  const found = names.find((name) => get(name));
  if (!sasl && found)
    throw bad(
      `It has ${found}, and its security.protocol asks for no login.`,
      'Set security.protocol=SASL_SSL there, or SASL_PLAINTEXT where that Kafka has no TLS.',
    );
  if (!sasl) return [];
  const mechanism = mechanismOf(properties);
  const isByToken = mechanism[1].value.toUpperCase() === 'OAUTHBEARER';
  return [mechanism, ...(isByToken ? tokenOf(properties) : passwordOf(properties))];
}

function mechanismOf({ get }: Properties): [string, Given] {
  const property = get('sasl.mechanism') ? 'sasl.mechanism' : 'sasl.mechanisms';
  const value = get(property);
  if (value) return ['KAFKA_SASL_MECHANISM', { value, property }];
  // What Kafka's clients take where none is named.
  return ['KAFKA_SASL_MECHANISM', { value: 'GSSAPI', property: 'sasl.mechanism' }];
}

function passwordOf(properties: Properties): [string, Given][] {
  const text = properties.get(JAAS);
  const options = text === undefined ? undefined : jaasOf(text, properties).options;
  const part = (name: 'username' | 'password'): [string, Given][] => {
    const property = options ? JAAS : `sasl.${name}`;
    const value = options ? options.get(name) : properties.get(property);
    if (!value) return [];
    requireFilled(value, `The ${name} in its ${property}`, properties);
    return [[`KAFKA_SASL_${name.toUpperCase()}`, { value, property }]];
  };
  return [...part('username'), ...part('password')];
}

const ENDPOINT = 'sasl.oauthbearer.token.endpoint.url';

/** The file of a token. Where a server gives tokens, a variable has to name the command that asks it. */
function tokenOf({ get, bad }: Properties): [string, Given][] {
  const url = get(ENDPOINT);
  if (!url?.startsWith('file:')) return [];
  try {
    return [['KAFKA_SASL_TOKEN_FILE', { value: fileURLToPath(url), property: ENDPOINT }]];
  } catch {
    throw bad(`Its ${ENDPOINT} names no file of this machine.`, 'Write it like file:///run/token.');
  }
}

function jaasOf(text: string, { bad }: Properties): Jaas {
  const jaas = parseJaas(text);
  if (jaas) return jaas;
  throw bad(
    `Its ${JAAS} is not of the form that Kafka takes.`,
    'Write it on one line, like this: org.apache.kafka.common.security.plain.PlainLoginModule required username="ann" password="…";',
  );
}

/** As whoever hands such files out leaves them: {{ CLUSTER_API_KEY }}, <password>. */
function requireFilled(value: string, what: string, { bad }: Properties): void {
  if (/^(\{\{.*\}\}|<.*>)$/.test(value.trim()))
    throw bad(`${what} is still a placeholder.`, 'Put in what it stands for.');
}
