import { expect, test } from 'vitest';
import { assignment } from '../../lib/src/charts/assignment.ts';
import { backlog, waiting } from '../../lib/src/charts/backlog.ts';
import { bundle, live } from '../../lib/src/charts/display.ts';
import { copies } from '../../lib/src/charts/copies.ts';
import { lag } from '../../lib/src/charts/lag.ts';
import { log } from '../../lib/src/charts/log.ts';
import { throughput } from '../../lib/src/charts/throughput.ts';
import { drawSvg } from '../../lib/src/charts/svg.ts';
import { type Host, installHost } from '../../lib/src/host.ts';
import { History, outageHistory, scalingHistory } from '../support/history.ts';

const history = scalingHistory();
const { ledger, group, topic } = history;
const outage = outageHistory();
const drawn = {
  assignment: assignment(ledger, { group }),
  log: log(outage.ledger, { topic, group }),
  backlog: backlog(ledger, { topic, groups: [group] }),
  waiting: waiting(ledger, { topic, group }),
  lag: lag(outage.ledger, { topic, groups: [group] }),
  throughput: throughput(ledger, { topic, group, capacity: 10 }),
  copies: copies(outage.ledger, { topic, groups: [group, 'billing.05-scaling.abc'] }),
};

test.each(Object.entries(drawn))('%s: its specification and its picture are as stored', async (name, chart) => {
  await expect(`${JSON.stringify(chart.spec, null, 1)}\n`).toMatchFileSnapshot(`../pictures/${name}.json`);
  await expect(await drawSvg(chart.spec)).toMatchFileSnapshot(`../pictures/${name}.svg`);
});

test('each sentence says in figures what the picture shows', () => {
  expect(drawn.assignment.text).toBe(
    'Group shipping: a owns partitions 0 and 2, b owns partition 1; ' +
      'the longest pause of a partition without an owner was 0.21 s; 6 assignments in all.',
  );
  expect(drawn.log.text).toBe(
    'Topic orders holds 20 records; group shipping has read 20 of 20 in partition 0 (committed: offset 20).',
  );
  expect(drawn.backlog.text).toBe('shipping processed 30 records in 3.25 s (a 24, b 6).');
  expect(drawn.waiting.text).toBe(
    'Group shipping: partition 0 was done after 2.25 s, partition 1 was done after 2.25 s, partition 2 was done after 3.25 s.',
  );
  expect(drawn.lag.text).toBe('shipping had a lag of at most 15 records, after 4.00 s, of which the oldest was at most 3.66 s old, and has one of 0 now.');
  expect(drawn.throughput.text).toBe('Group shipping processed 30 records in 3.20 s: a 24, b 6.');
  expect(drawn.copies.text).toBe('Of 20 records in topic orders, shipping has read 20, billing has read 0.');
});

test('an empty ledger is a picture too', async () => {
  const { ledger: empty } = new History();
  for (const chart of [
    assignment(empty, { group }),
    log(empty, { topic, group }),
    backlog(empty, { topic, groups: [group] }),
    waiting(empty, { topic, group }),
    lag(empty, { topic, groups: [group] }),
    throughput(empty, { topic, group }),
    copies(empty, { topic, groups: [group] }),
  ]) {
    expect(await drawSvg(chart.spec)).toContain('<svg');
    expect(chart.text).not.toMatch(/NaN|undefined|Infinity/);
  }
});

test('a key is shown escaped and short', async () => {
  const evil = new History();
  const fact = { kind: 'produced', time: 1, group: '', member: 'm', topic, partition: 0, offset: 0 } as const;
  evil.ledger.record({ ...fact, key: `<img src=x onerror=alert(1)>\u0007${'x'.repeat(1000)}` });
  const { 'image/svg+xml': svg } = await bundle(log(evil.ledger, { topic, group }));
  expect(svg).not.toContain('<img');
  expect(JSON.stringify(log(evil.ledger, { topic, group }).spec)).not.toMatch(/x{40}|\u0007/);
});

test('a live chart draws only what changed, and ends as the interactive chart', async () => {
  const shown: { mime: string[]; update: boolean | undefined }[] = [];
  const screen = { display: (data, options) => shown.push({ mime: Object.keys(data), update: options?.update }) };
  installHost(screen as Partial<Host> as Host);
  await live(() => drawn.log, { until: new Promise((resolve) => setTimeout(resolve, 700)) });
  expect(shown).toEqual([
    { mime: ['image/svg+xml', 'text/plain'], update: false },
    { mime: ['application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain'], update: true },
  ]);
});

test('a live chart passes on why its wait failed, after the last picture', async () => {
  const shown: unknown[] = [];
  installHost({ display: (data: unknown) => shown.push(data) } as Partial<Host> as Host);
  await expect(live(() => drawn.log, { until: Promise.reject(new Error('late')) })).rejects.toThrow('late');
  expect(shown.at(-1)).toHaveProperty('application/vnd.vegalite.v5+json');
});
