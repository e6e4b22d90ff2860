import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { RecordedRuns } from '../../../lib/src/jupyter/recorded-runs.ts';
import { emptyReport } from '../../../lib/src/jupyter/report.ts';
import { folderForTest } from '../../support/folder.ts';

const passes = emptyReport('a');
const fails = { ...passes, failure: 'it failed' };

let folder: string;
let runs: RecordedRuns;
const path = () => join(folder, 'a.ipynb');
const write = (...files: string[]) => {
  for (const file of files) writeFileSync(join(folder, 'runs', file), 'run');
};
const written = () => readdirSync(join(folder, 'runs')).sort();
beforeEach(() => {
  folder = folderForTest();
  writeFileSync(path(), '{"source": "const lab = await openLab(\'a\');"}');
  mkdirSync(join(folder, 'runs'));
  runs = new RecordedRuns(join(folder, 'runs'), { name: 'a', path: path() });
});

test('what an earlier run of the notebook left is taken away, and nothing of others', () => {
  write('a.jsonl', 'a.2.jsonl', 'a.failed.jsonl', 'a.failed.3.jsonl', 'b.jsonl', 'ab.jsonl');
  write('a.b.jsonl', 'a.2.jsonl.gz', 'a.html', '.jsonl');
  expect(runs.begin()).toEqual({ KAFKA_LAB_RECORD: join(folder, 'runs', 'a.jsonl') });
  expect(written()).toEqual([
    '.jsonl',
    'a.2.jsonl.gz',
    'a.b.jsonl',
    'a.html',
    'ab.jsonl',
    'b.jsonl',
  ]);
});

test('runs of a notebook that failed are marked', () => {
  runs.begin();
  write('a.jsonl', 'a.2.jsonl', 'b.jsonl');
  expect(runs.end(passes)).toEqual(passes);
  expect(written()).toEqual(['a.2.jsonl', 'a.jsonl', 'b.jsonl']);
  expect(runs.end(fails)).toEqual(fails);
  expect(written()).toEqual(['a.failed.2.jsonl', 'a.failed.jsonl', 'b.jsonl']);
});

test('a notebook that opened a lab, and has no run, has failed; one without a lab has none', () => {
  runs.begin();
  expect(runs.end(passes).failure).toMatch(/^its run was not saved\. Its log is .*a\.log$/);
  expect(runs.end(fails)).toEqual(fails);
  writeFileSync(path(), '{"source": "1 + 1"}');
  expect(runs.end(passes)).toEqual(passes);
});
