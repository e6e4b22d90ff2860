import { execFileSync } from 'node:child_process';
import { constants } from 'node:os';

/** Why a command that keeps running is to end. */
export interface Ending {
  signal: NodeJS.Signals;
  /** What a shell expects of a process that ended by this signal. */
  exitCode: number;
}

export interface Endings {
  /** Aborted, with an Ending as its reason, when the command is to end in order. */
  readonly orderly: AbortSignal;
  /** Aborted when it is to end at once: somebody asked a second time. */
  readonly atOnce: AbortSignal;
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

// npm passes on a Ctrl-C that the terminal has already sent to every process: that is one, not two.
const SAME_KEYSTROKE_MS = 500;
const PARENT_CHECK_MS = 500;

/** Listens for Ctrl-C, SIGTERM, SIGHUP and, under npm, for npm's death. */
export function watchEndings(): Endings {
  const orderly = new AbortController();
  const atOnce = new AbortController();
  let first = 0;
  const on = (signal: NodeJS.Signals) => {
    if (!orderly.signal.aborted) {
      first = Date.now();
      orderly.abort({ signal, exitCode: 128 + constants.signals[signal] } satisfies Ending);
    } else if (Date.now() - first > SAME_KEYSTROKE_MS) {
      atOnce.abort();
    }
  };
  for (const signal of SIGNALS) process.on(signal, on);
  // A terminal that was closed takes the output with it; the ending must not die of that.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const watch = watchParent(() => on('SIGHUP'));
  return {
    orderly: orderly.signal,
    atOnce: atOnce.signal,
    dispose: () => {
      clearInterval(watch);
      for (const signal of SIGNALS) process.off(signal, on);
    },
  };
}

/** The reason of an aborted `orderly`. */
export function endingOf(signal: AbortSignal): Ending {
  return signal.reason as Ending;
}

/** Only under npm: whoever starts us from a script of his own may well leave before us. */
function watchParent(gone: () => void): NodeJS.Timeout | undefined {
  if (!process.env['npm_lifecycle_event']) return undefined;
  const parent = process.ppid;
  const npm = beyondShell(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && isThere(npm)) return;
    clearInterval(timer);
    gone();
  }, PARENT_CHECK_MS);
  return timer.unref();
}

/** npm starts a script by way of a shell, which stays in between on some systems and outlives npm there. */
function beyondShell(parent: number): number {
  try {
    const args = ['-o', 'ppid=,command=', '-p', String(parent)];
    const [, grandparent, command = ''] =
      /^\s*(\d+)\s+(.*)/.exec(execFileSync('ps', args, { encoding: 'utf8' })) ?? [];
    return grandparent && /^(\S*\/)?(da|ba|z)?sh -c /.test(command) ? Number(grandparent) : parent;
  } catch {
    return parent; // without `ps`, such as on Windows
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
