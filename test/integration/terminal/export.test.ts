import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { type BrokerLease, leaseBroker } from '../../../lib/src/broker/index.ts';
import { root } from '../../../lib/src/paths.ts';
import { kafkaLab } from '../../support/command.ts';
import { folderForTest } from '../../support/folder.ts';
import { ownState } from '../../support/lab.ts';
import { readNotebook, withSolutions } from '../../support/notebook.ts';

const run = promisify(execFile);
const node = process.execPath;
const LIMIT = { timeout: 120_000 };

const state = ownState();
let lease: BrokerLease;
beforeAll(async () => {
  lease = await leaseBroker({ holder: 'test', linger: 0 });
  return () => lease.release();
});

/** What a learner has who has solved all: notebooks of their own. */
function solvedNotebooks(): string {
  const folder = join(folderForTest(), 'my notebooks');
  mkdirSync(folder);
  const { name, ...solved } = withSolutions(
    readNotebook(join(root, 'notebooks', '20-capstone.ipynb')),
  );
  writeFileSync(join(folder, `${name}.ipynb`), JSON.stringify(solved));
  return folder;
}

const exported = (notebooks: string, folder: string) =>
  kafkaLab(state, ['export', '20-capstone', folder], { KAFKA_LAB_NOTEBOOKS: notebooks }).ended;

test(
  'the pipeline of a learner compiles, starts and passes its test without the lab',
  LIMIT,
  async () => {
    const notebooks = solvedNotebooks();
    const folder = join(folderForTest(), 'pipeline');
    expect((await exported(notebooks, folder)).output).toMatch(/^Wrote \d+ files/);
    const sources = readdirSync(join(folder, 'src')).map((file) =>
      readFileSync(join(folder, 'src', file), 'utf8'),
    );
    expect(sources.join('\n')).not.toMatch(/kafka-lab|@module/);
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(dependencies).toEqual({ kafkajs: '2.2.4' });

    // In place of npm install: the same versions are here.
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    await run(node, [join('node_modules', 'typescript', 'bin', 'tsc')], { cwd: folder });
    const env = { ...process.env, KAFKA: lease.connection.brokers.join(), NODE_OPTIONS: '' };
    const { stdout } = await run(node, ['--test', join('dist', 'main.test.js')], {
      cwd: folder,
      env,
    });
    expect(stdout).toMatch(/pass 1\n/);
    expect(stdout).toMatch(/fail 0\n/);

    const again = await exported(notebooks, folder);
    expect(again).toMatchObject({
      code: 1,
      output: expect.stringMatching(/is not empty\.\nIt holds /),
    });
  },
);
