import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { cachePath, usableCache } from '../../../lib/src/broker/embedded/aot.ts';
import { javaArguments, javaEnvironment } from '../../../lib/src/broker/embedded/java.ts';
import { buildAotCache } from '../../../lib/src/broker/index.ts';
import { installed } from '../../../lib/src/paths.ts';
import { stateForEachTest, until } from '../../support/broker.ts';

const state = stateForEachTest();

test('the cache is made once, and Java accepts it for the command with which Kafka is started', async () => {
  await buildAotCache();
  await until(() => existsSync(cachePath()), 'another process to make the cache', 120_000);
  const made = statSync(cachePath());
  expect(await buildAotCache()).toBe(true);
  expect(statSync(cachePath())).toMatchObject({ ino: made.ino, mtimeMs: made.mtimeMs });

  const source = usableCache();
  expect(source).toEqual({ kind: 'cache', cache: cachePath() });
  const paths = { main: ['kafka.Kafka', '--version'], tmp: state.path, logs: state.path };
  // With this mode Java refuses to run at all with a cache that does not fit; as the lab runs it, it would only be slow.
  const command = ['-XX:AOTMode=on', ...javaArguments(installed(), source, paths)];
  const run = promisify(execFile)(installed().java, command, { env: javaEnvironment() });
  expect((await run).stdout).toContain(installed().kafkaVersion);
}, 240_000);
