import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Holders } from '../../../lib/src/broker/supervision/holders.ts';

const start = { name: 'npm start', linger: 0 };
const kernel = { name: 'kernel', linger: 60_000 };
const command = { name: 'topic list', linger: 60_000 };

test('waits for the first holder, then gives up', () => {
  const holders = new Holders(5000);
  expect(holders.remaining(0)).toBe(5000);
  expect(holders.remaining(9000)).toBe(0);
});

test('stays while somebody holds it, whatever has passed', () => {
  const holders = new Holders(5000);
  holders.join(kernel);
  expect(holders.remaining(1e9)).toBeUndefined();
  expect(holders.names()).toEqual(['kernel']);
});

test('stays a minute after the last kernel or command has gone', () => {
  const holders = new Holders(0);
  const first = holders.join(kernel);
  const second = holders.join(command);
  holders.leave(first, 1000);
  expect(holders.remaining(1000)).toBeUndefined();
  holders.leave(second, 5000);
  expect(holders.remaining(5000)).toBe(60_000);
});

test('a short hold does not cut what an earlier one asked for', () => {
  const holders = new Holders(0);
  holders.leave(holders.join(kernel), 0);
  holders.leave(holders.join({ name: 'brief', linger: 1000 }), 10_000);
  expect(holders.remaining(10_000)).toBe(50_000);
});

test('stops at once when npm start ends as the last, even soon after a kernel', () => {
  const holders = new Holders(0);
  const lab = holders.join(start);
  holders.leave(holders.join(kernel), 1000);
  holders.leave(lab, 11_000);
  expect(holders.remaining(11_000)).toBe(0);
});

test('npm start that goes before a kernel leaves the kernel its minute', () => {
  const holders = new Holders(0);
  const lab = holders.join(start);
  const other = holders.join(kernel);
  holders.leave(lab, 1000);
  expect(holders.remaining(1000)).toBeUndefined();
  holders.leave(other, 2000);
  expect(holders.remaining(2000)).toBe(60_000);
});

test('a holder that leaves twice counts once', () => {
  const holders = new Holders(0);
  const id = holders.join(kernel);
  holders.leave(id, 0);
  holders.leave(id, 30_000);
  expect(holders.remaining(30_000)).toBe(30_000);
});

test('whoever comes and goes: held means kept, and the wait ends within the longest linger', () => {
  const step = fc.record({ comes: fc.boolean(), linger: fc.integer({ min: 0, max: 1000 }) });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const holders = new Holders(0);
      const present: number[] = [];
      steps.forEach(({ comes, linger }, now) => {
        if (comes) present.push(holders.join({ name: 'x', linger }));
        else if (present.length > 0) holders.leave(present.shift()!, now);
        expect(holders.remaining(now) === undefined).toBe(present.length > 0);
        expect(holders.remaining(now) ?? 0).toBeLessThanOrEqual(1000);
      });
    }),
  );
});
