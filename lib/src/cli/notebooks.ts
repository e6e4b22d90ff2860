import { join, resolve } from 'node:path';
import { type BrokerLease, isReachable, leaseBroker } from '../broker/index.js';
import { boardFor } from '../jupyter/board.js';
import type { NotebookFile } from '../jupyter/choose.js';
import { type HeadlessOptions, notebooksAtOnce, runNotebooks } from '../jupyter/headless.js';
import { type NotebookReport, passed } from '../jupyter/report.js';
import { buildDir } from '../own-folders.js';
import { endingOf, watchEndings } from '../terminal/ui/endings.js';
import { onAbort, pause } from '../waiting.js';
import { count } from '../words.js';
import { chosenHere } from './arguments/chosen.js';
import { type Command, parse, positive } from './arguments/command.js';

/** How long one cell may take, in seconds. */
const TIMEOUT = 120;

const help = `npm run notebooks [-- NAME… --jobs N --timeout SECONDS --output DIR --record]

Executes notebooks without a browser, and fails if a cell failed or never ran.

  NAME               a notebook of the course (05-scaling, 05) or the path of any .ipynb;
                     none: the whole course
  --jobs N           how many at a time (default: one more than there are cores)
  --timeout SECONDS  how long one cell may take (default: ${TIMEOUT})
  --output DIR       for the executed copies and junit.xml (default: build; with KAFKA_LAB_STATE, there)
  --record           saves what happened in each to DIR/runs/NAME.jsonl, for openRun and kafka-lab replay;
                     of one that failed to NAME.failed.jsonl: what happened until then`;

export const notebooks: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: {
      jobs: { type: 'string', default: String(notebooksAtOnce()) },
      timeout: { type: 'string', default: String(TIMEOUT) },
      output: { type: 'string', default: buildDir() },
      record: { type: 'boolean', default: false },
    },
  });
  const output = resolve(values.output);
  return runAll(await chosenHere(positionals), {
    jobs: positive('jobs', values.jobs),
    timeout: positive('timeout', values.timeout),
    output,
    runs: values.record ? join(output, 'runs') : undefined,
  });
}

/**
 * Runs notebooks as `npm run notebooks` does.
 * @returns the folder of the executed copies, or the exit code if one failed
 */
export async function executedCopies(
  files: NotebookFile[],
  output: string,
): Promise<string | number> {
  const code = await runAll(files, { jobs: notebooksAtOnce(), timeout: TIMEOUT, output });
  return code === 0 ? join(output, 'notebooks') : code;
}

type Settings = Pick<HeadlessOptions, 'jobs' | 'timeout' | 'output' | 'runs'>;

/** Runs notebooks and says how it went. @returns the exit code */
async function runAll(files: NotebookFile[], settings: Settings): Promise<number> {
  const endings = watchEndings();
  onAbort(endings.atOnce, () => {
    console.log('Interrupted again: what is still running ends at once.');
    process.exit(endingOf(endings.orderly).exitCode);
  });
  try {
    const work = (signal: AbortSignal) => show(files, settings, signal);
    const reports = await onBroker(endings.orderly, work, (reports) => reports.every(passed));
    if (endings.orderly.aborted) return endingOf(endings.orderly).exitCode;
    return reports.every(passed) ? 0 : 1;
  } catch (error) {
    if (!endings.orderly.aborted) throw error;
    return endingOf(endings.orderly).exitCode;
  } finally {
    endings.dispose();
  }
}

/** How long Kafka, once it does not answer any more, may take to be gone; in ms. */
const LOSS_LIMIT = 8000;

/** Kafka starts while the kernels do. If it cannot, or is lost, that ends `work` and is the error. */
async function onBroker<T>(
  orderly: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  isGood: (result: T) => boolean,
): Promise<T> {
  const lost = new AbortController();
  const signal = AbortSignal.any([orderly, lost.signal]);
  const leasing = leaseBroker({ holder: 'npm run notebooks', linger: 0, signal });
  leasing.then(
    (lease) => lease.onLost((e) => lost.abort(e)),
    (e: unknown) => lost.abort(e),
  );
  try {
    const result = await work(signal);
    // A Kafka that ends refuses its clients first: their failure is then not the reason.
    if (!isGood(result) && !signal.aborted) await lossOf(await leasing, lost.signal);
    if (lost.signal.aborted) throw lost.signal.reason;
    return result;
  } finally {
    await leasing.then(
      (lease) => lease.release(),
      () => undefined,
    );
  }
}

/** Waits for the news that Kafka is lost, if it does not answer. */
async function lossOf({ connection }: BrokerLease, lost: AbortSignal): Promise<void> {
  if (await isReachable(connection)) return;
  await pause(LOSS_LIMIT, lost);
}

async function show(files: NotebookFile[], settings: Settings, signal: AbortSignal) {
  const board = boardFor(
    process.stdout,
    files.map((file) => file.name),
  );
  const began = performance.now();
  try {
    const reports = await runNotebooks(files, {
      ...settings,
      signal,
      onUpdate: (report) => board.update(report),
      onDone: (report) => board.finish(report),
    });
    board.close();
    if (signal.aborted) console.log('Interrupted.');
    else console.log(summary(reports, (performance.now() - began) / 1000, settings));
    return reports;
  } finally {
    board.close();
  }
}

function summary(reports: NotebookReport[], seconds: number, { output, runs }: Settings): string {
  const bad = reports.filter((report) => !passed(report)).length;
  const all = count(reports.length, 'notebook');
  const verdict = bad === 0 ? 'passed' : `run, ${bad} failed`;
  const copies = `Executed copies: ${join(output, 'notebooks')}`;
  const recorded = runs ? `. Runs: ${runs}` : '';
  return `${all} ${verdict} in ${seconds.toFixed(1)} s. ${copies}${recorded}`;
}
