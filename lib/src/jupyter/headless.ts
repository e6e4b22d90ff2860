import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { unlessAborted } from '../waiting.js';
import type { NotebookFile } from './choose.js';
import { copyDrawings } from './drawings.js';
import { notebookLog } from './environment.js';
import { junit } from './junit.js';
import { watchLateOutput } from './late-output.js';
import { logTail } from './log-tail.js';
import { RecordedRuns } from './recorded-runs.js';
import { advance, emptyReport, type NotebookEvent, type NotebookReport, passed } from './report.js';
import { Tether } from './tether.js';

export interface HeadlessOptions {
  /** How many notebooks run at a time. */
  jobs: number;
  /** Seconds that one cell may take. */
  timeout: number;
  /** The folder for notebooks/ (the executed copies) and junit.xml. */
  output: string;
  /** The folder for what happened in each; undefined: it is not recorded. */
  runs?: string | undefined;
  /** Ends all of it: the kernels are shut down, what is missing is reported as not run. */
  signal: AbortSignal;
  onUpdate(report: NotebookReport): void;
  onDone(report: NotebookReport): void;
}

/** How many notebooks run at a time unless told. With as many as there are cores, these were idle for a third of the time. */
export const notebooksAtOnce = (): number => availableParallelism() + 1;

// A kernel that does not end is killed by its runner after some 5 s.
const STOP_LIMIT_MS = 12_000;

/** Executes the notebooks, writes the executed copies and junit.xml. One report each, in the same order. */
export async function runNotebooks(
  files: NotebookFile[],
  options: HeadlessOptions,
): Promise<NotebookReport[]> {
  const reports: NotebookReport[] = files.map(({ name }) => emptyReport(name));
  const queue = files.entries();
  const worker = async () => {
    for (const [index, file] of queue) {
      const report = await runNotebook(file, options);
      reports[index] = report;
      options.onDone(report);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, files.length) }, worker));
  const copies = join(options.output, 'notebooks');
  mkdirSync(copies, { recursive: true });
  for (const folder of new Set(files.map(({ path }) => dirname(path))))
    copyDrawings(folder, copies);
  writeFileSync(join(options.output, 'junit.xml'), junit(reports));
  return reports;
}

async function runNotebook(file: NotebookFile, options: HeadlessOptions) {
  const { name, path } = file;
  const { signal, timeout, output, runs, onUpdate } = options;
  let report = emptyReport(name);
  if (signal.aborted) return { ...report, failure: 'not run: interrupted' };
  onUpdate(report);
  const recorded = runs ? new RecordedRuns(runs, file) : undefined;
  const lateOutputs = watchLateOutput(path);
  const tether = new Tether({
    script: 'execute.py',
    args: [path, join(output, 'notebooks', `${name}.ipynb`), String(timeout)],
    // What JupyterLab calls a kernel's notebook; the kernel signs its late output with it.
    // Nobody learns from a headless run: it counts for nobody's progress.
    env: { JPY_SESSION_NAME: path, KAFKA_LAB_PROGRESS: 'off', ...recorded?.begin() },
    log: notebookLog(name),
    onEvent: (event) => {
      report = advance(report, event as unknown as NotebookEvent);
      onUpdate(report);
    },
  });
  await unlessAborted(tether.exited, signal, () => tether.stop(STOP_LIMIT_MS));
  const how = await tether.exited;
  report = concluded(report, how, signal);
  return { ...(recorded?.end(report) ?? report), late: lateOutputs() };
}

/** A runner that ended before it was done is a failure, whatever its cells had reported. */
function concluded(report: NotebookReport, how: string, signal: AbortSignal): NotebookReport {
  if (signal.aborted && !passed(report)) return { ...report, failure: 'interrupted' };
  if (report.failure !== undefined || report.seconds > 0) return report;
  const log = notebookLog(report.name);
  return { ...report, failure: `its runner is gone: ${how}\n${logTail(log)}\nIts log is ${log}` };
}
