import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lessonContents } from '../../../lib/src/lessons/contents.ts';
import {
  KAFKA_LAB,
  kafkaLab,
  nothingLeft,
  processesOf,
  Started,
  temporaryState,
  waitUntil,
} from '../../support/command.ts';

const LIMIT = 120_000;
const ADDRESS = /JupyterLab runs at (http:\/\/127\.0\.0\.1:(\d+))\S+\?token=(\w+)/;

let state: ReturnType<typeof temporaryState>;
beforeEach(() => void (state = temporaryState()));
afterEach(() => void state.end());

interface Lab {
  started: Started;
  origin: string;
  token: string;
}

async function labOf(started: Started): Promise<Lab> {
  const [, origin = '', , token = ''] = await started.says(ADDRESS);
  await started.says(/Ctrl-C stops everything/);
  return { started, origin, token };
}

const startLab = () => labOf(kafkaLab(state.path, ['start', '--no-browser']));

function ask({ origin, token }: Lab, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${origin}${path}`, { ...init, headers: { authorization: `token ${token}` } });
}

function pidOf(part: string): number {
  const found = processesOf(state.path).find(({ command }) => command.includes(part));
  if (!found) throw new Error(`No process of ${part}`);
  return found.pid;
}

async function startKernel(lab: Lab): Promise<number> {
  const body = JSON.stringify({ name: 'kafka-lab' });
  expect((await ask(lab, '/api/kernels', { method: 'POST', body })).status).toBe(201);
  return pidOf('kernel/dist/main.js');
}

/** The learner has passed one check of this lesson, two weeks ago. */
function beenIn(lesson: string): void {
  const claim = lessonContents().find(({ name }) => name === lesson)?.checks[0];
  const passed = { kind: 'check', lesson, claim, time: Date.now() - 14.5 * 86_400_000 };
  writeFileSync(join(state.path, 'progress.jsonl'), `\n${JSON.stringify(passed)}`);
}

test('answers to its token alone, where its user was; shows one kernel; Ctrl-C ends all of it', {
  timeout: LIMIT,
}, async () => {
  beenIn('08-email-outage');
  const lab = await startLab();
  expect((await ask(lab, '/api/status')).status).toBe(200);
  expect((await fetch(`${lab.origin}/api/status`)).status).toBe(403);
  const specs = (await (await ask(lab, '/api/kernelspecs')).json()) as any;
  expect(Object.keys(specs.kernelspecs)).toEqual(['kafka-lab']);
  expect(specs.default).toBe('kafka-lab');
  expect((await ask(lab, '/api/contents/00-start-here.ipynb?content=0')).status).toBe(200);
  await startKernel(lab);
  // npm passes on what the terminal has sent already: two signals, one Ctrl-C.
  lab.started.kill('SIGINT');
  lab.started.kill('SIGINT');
  const { code, output } = await lab.started.ended;
  expect(output).toMatch(
    /^Last time, 14 days ago: 08-email-outage, \d+ checks and 1 exercise left\.$/m,
  );
  expect(output).toMatch(/^JupyterLab runs at \S+\/lab\/tree\/08-email-outage\.ipynb\?token=/m);
  expect(output).toMatch(/^Kafka \d\S+ runs at 127\.0\.0\.1:\d+$/m);
  expect(output).toMatch(/\nStopped\.\n$/);
  expect(code).toBe(0);
  await nothingLeft(state.path);
});

test('opens as a course the first time, and afterwards as its user has left it', {
  timeout: LIMIT,
}, async () => {
  const workspace = async (lab: Lab) =>
    ((await (await ask(lab, '/lab/api/workspaces/default')).json()) as any).data;
  const first = await startLab();
  const data = await workspace(first);
  expect(data['layout-restorer:data']).toMatchObject({
    left: { current: 'filebrowser' },
    right: { current: '@jupyterlab/toc:plugin', collapsed: false },
  });
  expect(await (await ask(first, '/custom/custom.css')).text()).toContain('sidebar-min-width');
  const own = { data: { mine: 1 }, metadata: { id: 'default' } };
  const init = { method: 'PUT', body: JSON.stringify(own) };
  expect((await ask(first, '/lab/api/workspaces/default', init)).status).toBe(204);
  first.started.kill('SIGINT');
  await first.started.ended;
  const second = await startLab();
  expect(await workspace(second)).toEqual({ mine: 1 });
  second.started.kill('SIGINT');
  await second.started.ended;
});

test('a second one works beside it; nothing is left when both are killed', {
  timeout: LIMIT,
}, async () => {
  const [one, two] = await Promise.all([startLab(), startLab()]);
  expect(one.origin).not.toBe(two.origin);
  const kafka = /Kafka .* runs at (.*)/;
  expect(kafka.exec(one.started.output)?.[1]).toBe(kafka.exec(two.started.output)?.[1]);
  await startKernel(one);
  one.started.kill('SIGKILL');
  await waitUntil(
    () => processesOf(state.path).filter(isJupyter).length === 1,
    'one server to end',
  );
  const status = await kafkaLab(state.path, ['status', '--json']).ended;
  expect(JSON.parse(status.output)).toMatchObject({ running: true, holders: ['npm start'] });
  expect((await ask(two, '/api/status')).status).toBe(200);
  two.started.kill('SIGKILL');
  await nothingLeft(state.path);
});

const isJupyter = ({ command }: { command: string }) => command.includes('lab_server.py');

test('ends with npm, of which only the signal or the death is seen', {
  timeout: LIMIT,
}, async () => {
  const shell = ['-c', '"$@"; exit 3', 'sh', process.execPath, KAFKA_LAB, 'start', '--no-browser'];
  const npm = { KAFKA_LAB_STATE: state.path, npm_lifecycle_event: 'start' };
  const lab = await labOf(new Started('sh', shell, npm));
  lab.started.kill('SIGKILL');
  await nothingLeft(state.path);
});

/** A browser that notes with what it was started. */
function noting(): { path: string; opened(): string } {
  const [path, note] = [join(state.path, 'browser'), join(state.path, 'opened')];
  writeFileSync(path, `#!/bin/sh\nprintf %s "$*" >"${note}.new" && mv "${note}.new" "${note}"\n`);
  chmodSync(path, 0o755);
  return { path, opened: () => (existsSync(note) ? readFileSync(note, 'utf8') : '') };
}

test('the token is in a page of the user’s own, in no command line and in no log; SIGTERM ends it in order', {
  timeout: LIMIT,
}, async () => {
  const browser = noting();
  const lab = await labOf(kafkaLab(state.path, ['start'], { BROWSER: browser.path }));
  await waitUntil(browser.opened, 'the browser to be opened');
  const page = fileURLToPath(browser.opened());
  expect(statSync(page).mode & 0o777).toBe(0o600);
  const [, address = ''] = /url=([^"]+)"/.exec(readFileSync(page, 'utf8')) ?? [];
  expect(address).toContain(`?token=${lab.token}`);
  expect((await fetch(address)).status).toBe(200);
  await startKernel(lab);
  const commands = processesOf(state.path).map(({ command }) => command);
  expect(commands.filter((command) => command.includes(lab.token))).toEqual([]);
  lab.started.kill('SIGTERM');
  expect(await lab.started.ended).toMatchObject({ code: 143 });
  expect(lab.started.output).toMatch(/\nStopped\.\n$/);
  await nothingLeft(state.path);
  const left = readdirSync(state.path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(state.path, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(lab.token));
  expect(left).toEqual([]);
});

test('a second Ctrl-C does not wait for a JupyterLab that hangs', { timeout: LIMIT }, async () => {
  const lab = await startLab();
  process.kill(pidOf('lab_server.py'), 'SIGSTOP');
  lab.started.kill('SIGINT');
  await lab.started.says(/Stopping/);
  const again = setInterval(() => lab.started.kill('SIGINT'), 600);
  const began = performance.now();
  await lab.started.ended;
  clearInterval(again);
  expect(performance.now() - began).toBeLessThan(5000);
  await nothingLeft(state.path);
});

test.each([
  ['JupyterLab', 'lab_server.py', /JupyterLab is gone: it was ended by SIGKILL\./],
  ['Kafka', 'supervisor-main.js', /Kafka is gone/],
])('says that %s is gone, and ends', { timeout: LIMIT }, async (_, part, sentence) => {
  const lab = await startLab();
  process.kill(pidOf(part), 'SIGKILL');
  const { code, output } = await lab.started.ended;
  expect(output).toMatch(sentence);
  expect(output).not.toMatch(/\.js:\d+/);
  expect(code).toBe(1);
  await nothingLeft(state.path);
});
