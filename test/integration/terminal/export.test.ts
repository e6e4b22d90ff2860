import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type BrokerLease, leaseBroker } from '../../../lib/src/broker/index.ts';
import { root } from '../../../lib/src/paths.ts';
import { kafkaLab, type Outcome, Started } from '../../support/command.ts';
import { folderForTest } from '../../support/folder.ts';
import { ownState } from '../../support/lab.ts';
import { readNotebook, withSolutions } from '../../support/notebook.ts';

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

async function compile(folder: string): Promise<void> {
  // In place of npm install: the same versions are here.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const tsc = [join('node_modules', 'typescript', 'bin', 'tsc')];
  const { code, output } = await new Started(process.execPath, tsc, {}, { cwd: folder }).ended;
  expect(code, output).toBe(0);
}

/** What the project's own test says. */
function tested(folder: string): Promise<Outcome> {
  const env = { KAFKA: lease.connection.brokers.join(), NODE_OPTIONS: '' };
  const test = ['--test', join('dist', 'main.test.js')];
  return new Started(process.execPath, test, env, { cwd: folder }).ended;
}

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

    await compile(folder);
    const { code, output } = await tested(folder);
    expect(output).toMatch(/pass 1\n/);
    expect(code).toBe(0);

    const again = await exported(notebooks, folder);
    expect(again).toMatchObject({
      code: 1,
      output: expect.stringMatching(/is not empty\.\nIt holds /),
    });
  },
);

/** What is wrong with a pipeline, added to a file of it; and what its test then says. */
const WRONG: [name: string, file: string, change: string, says: RegExp][] = [
  [
    'forgets to count',
    'count.js',
    'exports.count = () => undefined;',
    /After half a minute `totals` has 0 orders, not 2\./,
  ],
  [
    'prints what it handles',
    'order.js',
    '{ const { parseOrder } = exports; exports.parseOrder = (value) => (console.log("reads", value), parseOrder(value)); }',
    /pass 1\n/,
  ],
  [
    'ends before it reads',
    'pipeline.js',
    'exports.start = () => process.exit(3);',
    /The pipeline ended before it read\./,
  ],
  [
    'never begins to read',
    'pipeline.js',
    'exports.start = () => new Promise(() => setInterval(() => undefined, 1000));',
    /After half a minute the pipeline does not read yet\./,
  ],
];

test('the test of a wrong pipeline comes to an end, and says what is wrong', LIMIT, async () => {
  const folder = join(folderForTest(), 'pipeline');
  await exported(solvedNotebooks(), folder);
  await compile(folder);
  const said = WRONG.map(async ([name, file, change]) => {
    const copy = `${folder}, which ${name}`;
    cpSync(folder, copy, { recursive: true });
    appendFileSync(join(copy, 'dist', file), `\n${change}\n`);
    return (await tested(copy)).output;
  });
  const outputs = await Promise.all(said); // all have ended, whatever one of them says
  for (const [i, [name, , , says]] of WRONG.entries()) expect(outputs[i], name).toMatch(says);
});
