import { randomBytes } from 'node:crypto';
import { LabError } from '../errors.js';
import { cutLog, sizeOf } from '../log.js';
import { courseFolder } from '../own-folders.js';
import { withDeadline } from '../waiting.js';
import { dressJupyter } from './appearance.js';
import { jupyterLog } from './environment.js';
import { logTail } from './log-tail.js';
import { Tether } from './tether.js';

export interface LabServer {
  /** The full address, with its token. */
  readonly address: string;
  /** Settled when JupyterLab has ended, with what to tell if nobody asked it to. */
  readonly exited: Promise<LabError>;
  /** Shuts down the kernels, in order, and then JupyterLab. */
  stop(): Promise<void>;
  kill(): void;
}

/** Jupyter's own, and what npm has beside notebooks. */
const HIDDEN = ['__pycache__', '*.pyc', '*.pyo', '.DS_Store', '*~', 'node_modules'];
const FIRST_PORT = 8888;
const START_LIMIT_MS = 60_000;
// The script gives up on its kernels after 10 s itself.
const STOP_LIMIT_MS = 15_000;

interface ServerOptions {
  signal: AbortSignal;
  /** The name of the notebook that it opens. */
  notebook: string;
}

/**
 * Starts JupyterLab on notebooks/ and waits until it answers.
 * @throws LabError JUPYTER_FAILED, TIMED_OUT, INTERRUPTED (by `signal`), NOT_SET_UP
 */
export async function startServer({ signal, notebook }: ServerOptions): Promise<LabServer> {
  dressJupyter();
  const token = randomBytes(24).toString('hex');
  const page = `/lab/tree/${notebook}.ipynb`;
  const log = jupyterLog();
  cutLog(log);
  const since = sizeOf(log);
  let listening = (_port: number) => {};
  const port = new Promise<number>((resolve) => (listening = resolve));
  const tether = new Tether({
    script: 'lab_server.py',
    args: options(page),
    env: { JUPYTER_TOKEN: token },
    log,
    logMode: 'a',
    onEvent: (event) => listening(event['port'] as number),
  });
  const exited = tether.exited.then((how) => died(how, log, since));
  try {
    const origin = `http://127.0.0.1:${await portOf(port, exited, signal, log)}`;
    await answers(origin, token);
    return {
      address: `${origin}${page}?token=${token}`,
      exited,
      stop: () => tether.stop(STOP_LIMIT_MS),
      kill: () => tether.kill(),
    };
  } catch (error) {
    await tether.stop(STOP_LIMIT_MS);
    throw error;
  }
}

function options(page: string): string[] {
  return [
    ...courseOptions(),
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.port=${FIRST_PORT}`,
    '--ServerApp.port_retries=100',
    '--ServerApp.open_browser=False',
    // SIGINT ends it: there is no terminal on which it could ask whether that was meant.
    '--ServerApp.answer_yes=True',
    // Containers run as root; it listens on this machine only, and asks for its token.
    '--ServerApp.allow_root=True',
    `--LabApp.default_url=${page}`,
    // A notebook that nobody has run a cell of for four hours, longer than any break of a class, gives its memory back. A cell
    // that runs is left alone, however long it takes.
    `--MappingKernelManager.cull_idle_timeout=${4 * 3600}`,
  ];
}

/** What makes a JupyterLab that of the course, whoever starts it. */
export function courseOptions(): string[] {
  return [
    `--ServerApp.root_dir=${courseFolder()}`,
    '--LabApp.custom_css=True',
    // Nothing is asked of the network.
    '--LabApp.news_url=None',
    '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate',
    '--LabApp.extension_manager=readonly',
    // Beside a learner's own notebooks: what npm and npx have there.
    `--ContentsManager.hide_globs=${JSON.stringify(HIDDEN)}`,
    '--LanguageServerManager.autodetect=False',
    '--KernelSpecManager.ensure_native_kernel=False',
    '--KernelSpecManager.allowed_kernelspecs=kafka-lab',
    '--MultiKernelManager.default_kernel_name=kafka-lab',
    // Also where its page is still open, as over night.
    '--MappingKernelManager.cull_connected=True',
  ];
}

function portOf(
  port: Promise<number>,
  exited: Promise<LabError>,
  signal: AbortSignal,
  log: string,
): Promise<number> {
  const failing = exited.then((error) => Promise.reject<number>(error));
  return withDeadline(Promise.race([port, failing]), {
    ms: START_LIMIT_MS,
    late: () => {
      throw late(log);
    },
    signal,
    aborted: () => {
      throw new LabError('INTERRUPTED', { what: 'The start of JupyterLab was interrupted.' });
    },
  });
}

/** It listens; does it answer, and to its token? */
async function answers(origin: string, token: string): Promise<void> {
  const response = await fetch(`${origin}/api/status`, {
    headers: { authorization: `token ${token}` },
    signal: AbortSignal.timeout(START_LIMIT_MS),
  }).catch((cause: unknown) => {
    throw failed(`It listens at ${origin}, but does not answer there.`, cause);
  });
  if (!response.ok) throw failed(`It answers with status ${response.status}.`);
}

const failed = (why: string, cause?: unknown) =>
  new LabError('JUPYTER_FAILED', {
    what: 'JupyterLab did not start.',
    why: `${why} Its log is ${jupyterLog()}.`,
    fix: 'Run: npx --no kafka-lab doctor',
    cause,
  });

const late = (log: string) =>
  new LabError('TIMED_OUT', {
    what: `JupyterLab did not listen on a port within ${START_LIMIT_MS / 1000} s.`,
    why: `Its log is ${log}.`,
    fix: 'On a machine that is very busy, try again when it is less so.',
  });

const died = (how: string, log: string, since: number) => {
  const end = logTail(log, { since, leaveOut: /^\[[DI] / });
  return new LabError('JUPYTER_FAILED', {
    what: `JupyterLab is gone: ${how}.`,
    why: `${end} Its log is ${log}.`.trimStart(),
    fix: 'Start it again with: npm start',
  });
};
