import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { ROOT } from '../support/command.ts';
import type { Row } from './series.ts';
import { markdownTable, plainTable } from './table.ts';

/** Ends the output with the table of faults, and writes it to build/faults.md. */
export default class FaultTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const rows = tests.flatMap((test) => (test.meta() as { row?: Row }).row ?? []);
    if (rows.length === 0) return;
    mkdirSync(join(ROOT, 'build'), { recursive: true });
    writeFileSync(join(ROOT, 'build', 'faults.md'), markdownTable(rows));
    process.stdout.write(`\n${plainTable(rows)}\n`);
  }
}
