import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { Ledger } from '../../../lib/src/ledger/index.ts';
import { root } from '../../../lib/src/paths.ts';
import { openRun, recordRun } from '../../../lib/src/runs/index.ts';
import { answersOf } from '../../support/answers.ts';
import { folderForTest } from '../../support/folder.ts';
import { lived, step } from '../../support/lives.ts';

const ALL = { values: true, keys: true, clientIds: true, prefix: true };
let file: string;
beforeEach(() => {
  file = join(folderForTest(), 'run.jsonl');
});

test('what was recorded as it happened is a ledger to which the same was told', () => {
  const steps = fc.array(step, { maxLength: 60, size: 'max' });
  let n = 0;
  fc.assert(
    fc.property(steps, (all) => {
      const each = `${file}-${n++}`;
      const ledger = new Ledger();
      const run = recordRun(each, ALL);
      for (const { fact } of lived(all).told) for (const to of [ledger, run]) to.record(fact);
      run.close();
      const topics = ['orders', 'mails'];
      expect(answersOf(openRun(each), topics, 'readers')).toEqual(
        answersOf(ledger, topics, 'readers'),
      );
    }),
    { numRuns: 15 },
  );
}, 60_000);

const PRODUCED = { kind: 'produced', group: '', topic: 'orders', partition: 0 } as const;

test('values are there where they are asked for, and the rest has stand-ins', () => {
  const shown = recordRun(file, ALL);
  const hidden = recordRun(`${file}-2`);
  expect(hidden.values).toBeUndefined();
  shown.values?.('orders', 0).add(0, `${'ü'.repeat(47)}…`);
  shown.values?.('orders', 0).add(1, null);
  shown.values?.('orders', 1).add(0, 'x'.repeat(500));
  for (const run of [shown, hidden]) {
    run.record({ ...PRODUCED, time: 1, member: 'secret', offset: 0, key: 'secret' });
    run.close();
    run.close();
  }
  const opened = openRun(file);
  const preview = { text: 'ü'.repeat(47), size: 97, isCut: true };
  expect(opened.preview({ topic: 'orders', partition: 0, offset: 0 })).toEqual(preview);
  expect(opened.preview({ topic: 'orders', partition: 0, offset: 1 })?.text).toBeNull();
  expect(/x+/.exec(readFileSync(file, 'utf8').split('"text":').at(-1)!)?.[0]).toHaveLength(96);
  expect(readFileSync(`${file}-2`, 'utf8')).not.toContain('secret');
  expect(openRun(`${file}-2`).records('produced')).toMatchObject([
    { member: 'client-1', key: 'key-1' },
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('what a writer of many facts writes has stand-ins and names like a single fact', () => {
  const topic = 'ann.orders.05.abc';
  const run = recordRun(file, {}, { prefix: 'ann' });
  const known = recordRun(`${file}-2`, ALL, { prefix: 'ann' });
  for (const each of [run, known]) {
    const shared = { ...PRODUCED, topic, member: 'secret' };
    each.writer(shared).add(1, 0, 'secret');
    each.record({ ...shared, time: 2, offset: 1, key: 'secret' });
    each.values?.(topic, 0).add(0, Buffer.from('no, yes').subarray(4));
    each.close();
    each.writer(shared).add(3, 2, 'too late');
  }
  expect(readFileSync(file, 'utf8')).not.toMatch(/secret|\bann\b/);
  const fact = { member: 'client-1', key: 'key-1', topic: 'learner.orders.05.abc' };
  expect(openRun(file).records('produced')).toMatchObject([fact, fact]);
  const shown = openRun(`${file}-2`);
  const secret = { member: 'secret', key: 'secret', topic };
  expect(shown.records('produced')).toMatchObject([secret, secret]);
  expect(shown.preview({ topic, partition: 0, offset: 0 })?.text).toBe('yes');
});

test('no file is written over, and a half line is named with what takes it away', () => {
  writeFileSync(file, 'mine');
  expect(() => recordRun(file)).toThrow(/is there already/);
  expect(readFileSync(file, 'utf8')).toBe('mine');
  const other = `${file}-2`;
  const run = recordRun(other);
  run.record({ ...PRODUCED, time: 1, member: 'a', offset: 0, key: null });
  run.close();
  appendFileSync(other, '{"kind":"prod');
  let fix = '';
  try {
    openRun(other);
  } catch (error) {
    ({ fix } = error as { fix: string });
  }
  execFileSync('sh', ['-c', fix.slice(fix.indexOf('sed'))]);
  expect(openRun(other).records('produced')).toHaveLength(1);
});

test('a program that is killed leaves all that it told 100 ms before; one that ends, all', () => {
  const program = (end: string) => `
    const { recordRun } = require(${JSON.stringify(join(root, 'lib'))});
    const run = recordRun(process.argv[1]);
    for (let offset = 0; offset < 3; offset++)
      run.record({ ...${JSON.stringify(PRODUCED)}, time: 1, member: 'a', offset, key: null });
    ${end}`;
  const ends = ['process.exit(3)', 'setTimeout(() => process.kill(process.pid, "SIGKILL"), 300)'];
  for (const [n, end] of ends.entries()) {
    const path = `${file}-${n}`;
    const { status, signal } = spawnSync(process.execPath, ['-e', program(end), path]);
    expect([status, signal]).toEqual(n === 0 ? [3, null] : [null, 'SIGKILL']);
    expect(openRun(path).records('produced')).toHaveLength(3);
  }
});
