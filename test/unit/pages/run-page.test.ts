import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { run } from '../../../lib/src/cli/main.ts';
import { Ledger } from '../../../lib/src/ledger/index.ts';
import { subjectsOf } from '../../../lib/src/pages/index.ts';
import { runPage } from '../../../lib/src/pages/run-page.ts';
import { saveRun } from '../../../lib/src/runs/index.ts';
import { folderForTest } from '../../support/folder.ts';
import { at, History, scalingHistory } from '../../support/history.ts';

const ALL = { values: true, keys: true, clientIds: true, prefix: true };
const out = vi.spyOn(console, 'log');
const err = vi.spyOn(console, 'error');
afterEach(() => vi.clearAllMocks());
out.mockImplementation(() => undefined);
err.mockImplementation(() => undefined);

test('a page of a run has its charts and what they say, and needs no Kafka and no network', async () => {
  const folder = folderForTest();
  vi.stubEnv('KAFKA_LAB_STATE', join(folder, '.lab'));
  const file = join(folder, 'run.jsonl');
  const { ledger } = scalingHistory();
  saveRun(ledger, file, ALL);
  expect(await run(['replay', file, '--no-open'])).toBe(0);
  expect(out).toHaveBeenCalledExactlyOnceWith(join(folder, 'run.html'));
  const page = readFileSync(join(folder, 'run.html'), 'utf8');
  expect(page.match(/<svg /g)?.length).toBeGreaterThanOrEqual(3);
  expect(page).toContain('Topic orders.05-scaling.abc, group shipping.05-scaling.abc');
  const own = page.replaceAll('http://www.w3.org/', '').replace(/<script>.*<\/script>/s, '');
  expect(own.replace(/"\$schema":"[^"]+"/, '')).not.toMatch(/https?:|src=|url\((?!#)/);
  expect(statSync(join(folder, 'run.html')).mode & 0o777).toBe(0o600);
  expect(existsSync(join(folder, '.lab'))).toBe(false);
  vi.unstubAllEnvs();
});

test('whatever names a run holds, a page shows them and runs nothing', async () => {
  const file = join(folderForTest(), 'run.jsonl');
  const evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u0000\u001b[31m';
  const history = new History(evil, 'orders');
  history.record(0, 'produced', evil, 0, 0, evil, evil);
  history.member(1, 'joined', evil, [0]).record(2, 'delivered', evil, 0, 0, evil);
  history.record(3, 'processed', evil, 0, 0, evil).commit(4, evil, 0, 1);
  saveRun(history.ledger, file, ALL);
  expect(await run(['replay', file, '--no-open'])).toBe(0);
  const page = readFileSync(file.replace('.jsonl', '.html'), 'utf8');
  // Vega, what starts it, and one specification.
  expect(page.match(/<script\b/g)).toHaveLength(3);
  expect(page).not.toMatch(/<img\b|<script>alert/);
  expect(page).not.toMatch(/[\x00\x1b]/);
  expect(page).toContain("default-src 'none'");
  expect(page).toMatch(/script-src 'unsafe-eval'( 'sha256-[\w+/]+=')+"/);
});

test('a page is about those who read: who owned a partition, committed, or had a job', () => {
  const { ledger } = new History('reader', 'owned').member(0, 'joined', 'a', [0]);
  new History('idle', 'owned', ledger).member(1, 'joined', 'b', []);
  new History('tool', 'committed', ledger).commit(2, 'c', 0, 1);
  const job = { topic: 'jobs', partition: 0, offset: 0, deliveries: 1 };
  ledger.record({ kind: 'acquired', time: at(3), group: 'workers', member: 'd', ...job });
  expect(subjectsOf(ledger)).toEqual([
    { topic: 'committed', group: 'tool' },
    { topic: 'jobs', group: 'workers' },
    { topic: 'owned', group: 'reader' },
  ]);
});

test('of a long run a page says that its beginning is sums', async () => {
  const long = Ledger.of([], at(5));
  const says = /This run was long/;
  const page = (ledger: Ledger) => runPage(ledger, { title: 'run', subjects: [] });
  expect(await page(long)).toMatch(says);
  expect(await page(scalingHistory().ledger)).not.toMatch(says);
});

test('of a run with many groups some have to be chosen; one in which nobody reads says so', async () => {
  const folder = folderForTest();
  const ledger = new Ledger();
  for (let n = 0; n < 20; n++)
    new History(`group-${n}`, 'orders', ledger).member(0, 'joined', 'a', [0]);
  const [many, none] = [join(folder, 'many.jsonl'), join(folder, 'none.jsonl')];
  saveRun(ledger, many, ALL);
  expect(await run(['replay', many, '--no-open'])).toBe(1);
  expect(err.mock.lastCall?.[0]).toMatch(/20 topics and groups(.|\n)*--topic NAME --group NAME/);
  expect(await run(['replay', many, '--no-open', '--group', 'group-7'])).toBe(0);
  const silent = new Ledger();
  silent.record({
    ...{ kind: 'produced', time: at(0), group: '', member: 'a' },
    ...{ topic: 'orders', partition: 0, offset: 0, key: null },
  });
  saveRun(silent, none);
  expect(await run(['replay', none, '--no-open'])).toBe(1);
  expect(err.mock.lastCall?.[0]).toContain('Nobody reads a topic in it');
  expect(await run(['replay', join(folder, 'nowhere'), '--no-open'])).toBe(1);
  expect(err.mock.lastCall?.[0]).toContain('There is no such file');
});
