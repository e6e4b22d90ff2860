import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import config from '../../vitest.config.ts';
import { ROOT } from '../support/command.ts';

const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const stages = [...read('.ci', 'run').matchAll(/^(?:\S+=\S+ )?stage (\S+)$/gm)].map(
  ([, name]) => name,
);
const projects = config.test?.projects as {
  test: { name: string; maxWorkers?: unknown; sequence: { groupOrder: number } };
}[];
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

test('CI runs every project of the tests', () => {
  const names = projects.map(({ test: { name } }) => name);
  const run = stages.flatMap((stage) =>
    [...(scripts[`${stage}`] ?? '').matchAll(/--project (\w+)/g)].map(([, name]) => name),
  );
  expect(run.sort()).toEqual(names.sort());
});

test('GitHub runs every stage of CI', () => {
  const [, listed = '[]'] =
    /^ +stage: (\[.*\])$/m.exec(read('.github', 'workflows', 'ci.yml')) ?? [];
  expect(['test', ...JSON.parse(listed)].sort()).toEqual(stages.sort());
});

test('both let the hub’s tests make users of the machine, as root', () => {
  expect(read('.ci', 'run')).toMatch(/^KAFKA_LAB_TEST_USERS=\S+yes\S* stage test:hub$/m);
  expect(read('.github', 'workflows', 'ci.yml')).toMatch(
    /- stage: "test:hub"\n +as: sudo env .*KAFKA_LAB_TEST_USERS=yes$/m,
  );
});

test('projects that may run together run as many files at once, as Vitest requires', () => {
  const workers = new Map<number, Set<unknown>>();
  for (const { test } of projects) {
    const order = test.sequence.groupOrder;
    workers.set(order, (workers.get(order) ?? new Set()).add(test.maxWorkers));
  }
  expect([...workers.values()].map(({ size }) => size)).toEqual([...workers].map(() => 1));
});
