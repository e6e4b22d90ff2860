import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { connectionFromEnvironment } from '../../../lib/src/broker/config/address.ts';
import { TokenLogin } from '../../../lib/src/broker/config/token.ts';
import { outputOf } from '../../../lib/src/broker/config/token-command.ts';
import type { LabError } from '../../../lib/src/errors.ts';
import { isAlive } from '../../../lib/src/processes/processes.ts';

const SECRET = 'correct-horse';
const folder = mkdtempSync(join(tmpdir(), 'kafka-lab-token-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

/** A token that says when it ends, so many seconds from now. */
function tokenFor(seconds: number): string {
  const claims = { sub: 'ann', exp: Math.floor(Date.now() / 1000) + seconds };
  const parts = [{ alg: 'none' }, claims].map((part) => JSON.stringify(part));
  return `${parts.map((part) => Buffer.from(part).toString('base64url')).join('.')}.${SECRET}`;
}

const runs = (name: string) => readFileSync(at(name), 'utf8').length;

/** A login by a command that counts how often it runs. */
function byCommand(name: string, token: string): TokenLogin {
  writeFileSync(at(name), '');
  const command = `printf x >> ${at(name)}; echo ${token}`;
  return new TokenLogin({ command }, 'KAFKA_SASL_TOKEN_COMMAND');
}

async function refusal(login: TokenLogin): Promise<string> {
  const error = await login.token().then(
    () => expect.unreachable('it gave a token'),
    (reason: LabError) => reason,
  );
  expect(error).toMatchObject({ name: 'LabError', code: 'BAD_INPUT' });
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain(SECRET);
  return error.message;
}

test('all who ask at once, and later, share the token of one run', async () => {
  const login = byCommand('long', tokenFor(3600));
  const tokens = await Promise.all([login.token(), login.token()]);
  expect(new Set([...tokens, await login.token()]).size).toBe(1);
  expect(runs('long')).toBe(1);
});

test('a token that is about to end is asked for anew', async () => {
  const login = byCommand('short', tokenFor(20));
  await login.token();
  await login.token();
  expect(runs('short')).toBe(2);
});

test('one that does not say when it ends is used again', async () => {
  const login = byCommand('opaque', `ya29.${SECRET}`);
  expect(await login.token()).toBe(`ya29.${SECRET}`);
  await login.token();
  expect(runs('opaque')).toBe(1);
});

test('a file is read each time: whoever renews it writes another token there', async () => {
  const login = new TokenLogin({ file: at('token') }, 'KAFKA_SASL_TOKEN_FILE');
  for (const token of [tokenFor(60), tokenFor(120)]) {
    writeFileSync(at('token'), `${token}\n`);
    expect(await login.token()).toBe(token);
  }
  writeFileSync(at('token'), tokenFor(-1));
  expect(await refusal(login)).toMatch(
    /^KAFKA_SASL_TOKEN_FILE gives a token that has expired, on 2/,
  );
  writeFileSync(at('token'), '\n');
  expect(await refusal(login)).toMatch(/^KAFKA_SASL_TOKEN_FILE gives no token\./);
  writeFileSync(at('token'), `{"access_token": "${SECRET}"}`);
  expect(await refusal(login)).toMatch(/gives something that is no token\. .* and nothing else/);
  rmSync(at('token'));
  expect(await refusal(login)).toMatch(/names a file that cannot be read: ENOENT/);
});

test('a command that fails is told by its exit code, and fails again only when it is asked again', async () => {
  const login = new TokenLogin({ command: `echo ${SECRET} >&2; exit 3` }, 'COMMAND');
  const message =
    /^COMMAND gives no token: its command ended with exit code 3\. .* Run the command/;
  expect(await refusal(login)).toMatch(message);
  expect(await refusal(login)).toMatch(message);
});

test('a command that takes too long ends with all that it started', async () => {
  const error = await outputOf(`sleep 60 & echo $! > ${at('pid')}; wait`, 'COMMAND', 500).catch(
    (reason: LabError) => reason.message,
  );
  expect(error).toMatch(/^COMMAND gives no token: its command has not ended within 0\.5 s\./);
  const pid = Number(readFileSync(at('pid'), 'utf8'));
  await expect
    .poll(() => isAlive({ pid, start: '' }) && existsSync(`/proc/${pid}/exe`))
    .toBe(false);
});

test('the list of processes shows the name of the variable, and no word of the command', async () => {
  const seen = await outputOf(`: ${SECRET}; tr '\\0' ' ' < /proc/$$/cmdline`, 'COMMAND');
  expect(seen.trim()).toBe('/bin/sh -c eval "$KAFKA_SASL_TOKEN_COMMAND"');
});

test('whoever prints a login by a token sees neither token nor command', async () => {
  const env = { KAFKA_BROKERS: 'a:1', KAFKA_SASL_TOKEN_COMMAND: `echo ${SECRET}` };
  const connection = connectionFromEnvironment(env);
  const { sasl } = connection as { sasl: TokenLogin };
  await sasl.token();
  for (const value of [connection, { ...connection }, { ...sasl }]) {
    expect(inspect(value, { depth: null, showHidden: true })).not.toContain(SECRET);
    expect(JSON.stringify(value)).not.toContain(SECRET);
  }
});

const KAFKA = { KAFKA_BROKERS: 'a:1' };
test.each([
  [
    { KAFKA_SASL_MECHANISM: 'oauthbearer' },
    /asks for a token, and nothing says where one comes from/,
  ],
  [
    { KAFKA_SASL_TOKEN_FILE: 'a', KAFKA_SASL_TOKEN_COMMAND: SECRET },
    /are both set\. .* Remove one/,
  ],
  [{ KAFKA_SASL_TOKEN_FILE: 'a', KAFKA_SASL_MECHANISM: 'plain' }, /is plain, which takes no token/],
])('%o is refused', (env, message) => {
  expect(() => connectionFromEnvironment({ ...KAFKA, ...env })).toThrow(message);
});
