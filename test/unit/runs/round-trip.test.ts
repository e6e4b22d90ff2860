import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Experiment, type Fact, Ledger } from '../../../lib/src/ledger/index.ts';
import { openRun, saveRun } from '../../../lib/src/runs/index.ts';
import { answersOf } from '../../support/answers.ts';
import { anyFact, anyValue } from '../../support/any-facts.ts';
import { folderForTest } from '../../support/folder.ts';
import { lived, step, yes } from '../../support/lives.ts';

const ALL = { values: true, keys: true, clientIds: true, prefix: true };
const TOPICS = ['orders', 'mails'];

/** The same facts in one ledger, with others between them. */
function ledgerOf(told: readonly Fact[], others: readonly Fact[], ledger = new Ledger()): Ledger {
  for (let n = 0; n < Math.max(told.length, others.length); n++)
    for (const fact of [told[n], others[n]]) if (fact) ledger.record(fact);
  return ledger;
}

const steps = fc.array(step, { maxLength: 60, size: 'max' });
const others = fc.array(anyFact, { maxLength: 40, size: 'max' });
const values = fc.array(fc.tuple(fc.nat(1), fc.nat(9), anyValue), { maxLength: 20 });

test('any ledger survives the way to a file and back', () => {
  const file = join(folderForTest(), 'run.jsonl');
  fc.assert(
    fc.property(steps, others, values, (all, more, bytes) => {
      const ledger = ledgerOf(
        lived(all).told.map(({ fact }) => fact),
        more,
      );
      for (const [partition, offset, value] of bytes)
        ledger.values('orders', partition).add(offset, value);
      saveRun(ledger, file, ALL);
      const opened = openRun(file);
      expect(answersOf(opened, TOPICS, 'readers')).toEqual(answersOf(ledger, TOPICS, 'readers'));
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('so does one that has forgotten the detail of the beginning', () => {
  const file = join(folderForTest(), 'run.jsonl');
  const many = fc.array(step, { minLength: 40, maxLength: 50, size: 'max' });
  fc.assert(
    fc.property(many, others, yes, (all, more, looks) => {
      const ledger = new Ledger(3000);
      const told = lived(all, 60).told.map(({ fact }) => fact);
      for (const [n, fact] of [...told, ...more].entries()) {
        ledger.record(fact);
        if (looks && n % 50 === 0) ledger.version;
      }
      fc.pre(ledger.keptFrom > 0);
      saveRun(ledger, file, ALL);
      const opened = openRun(file);
      expect(opened.keptFrom).toBe(ledger.keptFrom);
      expect(answersOf(opened, TOPICS, 'readers')).toEqual(answersOf(ledger, TOPICS, 'readers'));
    }),
    { numRuns: 2 },
  );
}, 60_000);

test('so does that of an experiment', () => {
  const file = join(folderForTest(), 'run.jsonl');
  fc.assert(
    fc.property(steps, others, fc.nat(99), (all, more, percent) => {
      const told = lived(all).told.map(({ fact }) => fact);
      const before = Math.floor((told.length * percent) / 100);
      const whole = ledgerOf(told.slice(0, before), more);
      const ledger = new Experiment(whole);
      ledgerOf(told.slice(before), [], whole);
      saveRun(ledger, file, ALL);
      expect(answersOf(openRun(file), TOPICS, 'readers')).toEqual(
        answersOf(ledger, TOPICS, 'readers'),
      );
    }),
    { numRuns: 20 },
  );
}, 60_000);
