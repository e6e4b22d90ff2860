import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LabError, messageOf } from '../../errors.js';
import { root } from '../../paths.js';
import { loginOf } from './client-login.js';
import { storesOf } from './client-stores.js';
import type { Environment } from './environment.js';
import { type Given, type Properties, requireUsable, unusedOf } from './kafka-settings.js';

/** A file of settings as Kafka's own clients read it. */
export interface ClientFile {
  path: string;
  /** What it says, under the names of the variables that say the same. */
  given: ReadonlyMap<string, Given>;
  /** Its settings that change nothing in the lab. */
  unused: string[];
}

/**
 * The file that KAFKA_CLIENT_PROPERTIES names, if it names one; a path there begins at the top of the checkout.
 * @throws LabError BAD_INPUT, which repeats no value that may be secret
 */
export function clientFile(env: Environment): ClientFile | undefined {
  const name = env['KAFKA_CLIENT_PROPERTIES']?.trim();
  if (!name) return undefined;
  const path = resolve(root, name);
  const all = read(path);
  const properties: Properties = {
    get: (setting) => all[setting]?.trim() || undefined,
    path: (value) => resolve(dirname(path), value),
    bad: (what, fix) => bad(path, what, fix),
  };
  requireUsable(Object.keys(all), properties);
  const security = securityOf(properties);
  const given = new Map([
    ...addressOf(properties),
    ...loginOf(properties, security.sasl),
    ...storesOf(properties, security.tls),
  ]);
  return { path, given, unused: unusedOf(Object.keys(all)) };
}

/** Kafka reads such a file as ISO 8859-1. */
function read(path: string): Record<string, string> {
  const fix =
    'Set it to the file of settings that Kafka’s own clients take, such as client.properties.';
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch (error) {
    throw bad(
      path,
      `KAFKA_CLIENT_PROPERTIES names a file that cannot be read: ${messageOf(error)}.`,
      fix,
    );
  }
  // Late: who has no such file does without.
  const { getProperties }: typeof import('properties-file') = require('properties-file');
  try {
    if (!text.includes('\0')) return getProperties(text.replace(/^\u00ef\u00bb\u00bf/, ''));
  } catch {
    // its message would repeat what may be secret
  }
  throw bad(
    path,
    `KAFKA_CLIENT_PROPERTIES names ${path}, which is not in the format of Java properties.`,
    fix,
  );
}

const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];

function securityOf({ get, bad }: Properties): { tls: boolean; sasl: boolean } {
  const protocol = get('security.protocol')?.toUpperCase() ?? 'PLAINTEXT';
  if (!PROTOCOLS.includes(protocol))
    throw bad(
      'Its security.protocol is none of Kafka’s.',
      `Set it to one of ${PROTOCOLS.join(', ')}.`,
    );
  return { tls: protocol.endsWith('SSL'), sasl: protocol.startsWith('SASL') };
}

function addressOf({ get }: Properties): [string, Given][] {
  const property = 'bootstrap.servers';
  // Kafka's clients pass over a protocol in front of a host.
  const value = get(property)?.replace(/(^|,)\s*\w+:\/\//g, '$1');
  return value ? [['KAFKA_BOOTSTRAP_SERVERS', { value, property }]] : [];
}

function bad(path: string, what: string, fix: string): LabError {
  const why = `The lab uses the Kafka that ${path} names, as KAFKA_CLIENT_PROPERTIES says.`;
  return new LabError('BAD_INPUT', { what, why, fix });
}
