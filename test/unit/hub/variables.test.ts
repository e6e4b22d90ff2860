import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/command.ts';

const config = readFileSync(join(ROOT, 'hub', 'jupyterhub_config.py'), 'utf8');
/** The variables that a setting of the example names. */
function namedIn(setting: RegExp): string[] {
  const [, text = ''] = setting.exec(config) ?? [];
  return [...text.matchAll(/"((?:KAFKA|AMQP)_[A-Z_]+)"/g)].map(([, name]) => name as string);
}
const forAll = namedIn(/^c\.Spawner\.env_keep = \[\n([\s\S]*?)^\]/m);
const forEach = namedIn(/^c\.Spawner\.environment = \{\n([\s\S]*?)^\}/m);

/** What the hub's server reads itself. */
const OF_THE_HUB = ['KAFKA_LAB_BRANCH', 'KAFKA_LAB_REPOSITORY'];
/** What the lab reads, and the hub of the example does not pass on. */
const KEPT_BACK = [
  'AMQP_URL', // may hold a password
  ...['KAFKA_LAB_PROGRESS', 'KAFKA_LAB_RECORD'], // said by the lab to processes of its own
  'KAFKA_LAB_CLASS', // each learner's own choice
  'KAFKA_LAB_PREFIX', // the hub's name of the user
  ...['KAFKA_SSL_CERT', 'KAFKA_SSL_KEY', 'KAFKA_SSL_KEY_PASSWORD'], // who has them comes in as that person
  ...['KAFKA_SASL_TOKEN_COMMAND', 'KAFKA_SASL_TOKEN_FILE'],
];
/** Not a variable: a name in what a broker answers. */
const NO_VARIABLE = 'KAFKA_STORAGE_ERROR';

function readByTheLab(): string[] {
  const source = join(ROOT, 'lib', 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(source, file), 'utf8'));
  const found = texts.flatMap((text) => text.match(/\b(?:KAFKA|AMQP)(?:_[A-Z]+)+\b/g) ?? []);
  return [...new Set(found)].filter((name) => name !== NO_VARIABLE);
}

test('of each variable that the lab reads it is decided whether the hub of the example passes it on', () => {
  const decided = [...forAll, ...forEach, ...KEPT_BACK];
  expect(decided.sort()).toEqual([...OF_THE_HUB, ...readByTheLab()].sort());
});

test('with the hub’s address of Kafka comes whether to use TLS', () => {
  expect(forAll).toEqual(expect.arrayContaining(['KAFKA_BOOTSTRAP_SERVERS', 'KAFKA_SSL']));
});
