import { afterAll, expect, test } from 'vitest';
import { clusters } from './clusters.ts';
import { endings } from './endings.ts';
import { kernels } from './kernels.ts';
import { lease } from './lease.ts';
import { allClosed, type Row } from './series.ts';
import { setup } from './setup.ts';

declare module 'vitest' {
  interface TaskMeta {
    row?: Row;
  }
}

/**
 * Started together, in series, the one that takes longest first; what each test awaits may have ended long before.
 */
const entries = [...kernels(), ...setup(), ...lease(), ...clusters(), ...endings()];

afterAll(allClosed, 120_000);

for (const { section, fault, outcome } of entries) {
  test(`${section} · ${fault}`, async ({ task, skip }) => {
    const row = await outcome;
    task.meta.row = row;
    if (row.skipped) skip(row.told);
    expect(row.failure).toBeUndefined();
    expect(row.remained).toEqual([]);
    expect(row.next).toBe('works');
  });
}
