import { spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { pause } from '../../waiting.js';

const closed = new AbortController();
let listening = false;
let watching = false;

/** How long a reader may take for what stands in its pipe, in ms. */
const READ_MS = 200;

/** Aborted when nobody reads our output any more: a pipe such as `| head` that was closed. */
export function outputClosed(): AbortSignal {
  tolerateClosedPipes();
  return closed.signal;
}

/**
 * Notices that a pipe's reader has gone also while nothing is written. Node cannot wait for that, GNU's tail does: it dies of
 * SIGPIPE then. Where there is another tail, or none, the next line that is written notices it.
 */
export function watchReader(): void {
  if (watching || !isPipe()) return;
  watching = true;
  const args = ['-f', '--sleep-interval=0.1', `--pid=${process.pid}`, '/dev/null'];
  const tail = spawn('tail', args, { stdio: ['ignore', 'inherit', 'ignore'] });
  tail.on('error', () => undefined);
  tail.on('exit', (_, signal) => {
    if (signal === 'SIGPIPE') closed.abort();
  });
  tail.unref();
  process.on('exit', () => tail.kill());
}

/** A closed pipe is no failure of the one that writes into it. */
export function tolerateClosedPipes(): void {
  if (listening) return;
  listening = true;
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', () => closed.abort());
}

/** Writes a line, and waits where the reader is slower than we are. @returns whether it was written */
export function writeLine(text: string): Promise<boolean> {
  return new Promise((done) => {
    if (closed.signal.aborted) return done(false);
    process.stdout.write(`${text}\n`, (error) => {
      if (error) closed.abort();
      done(!error);
    });
  });
}

/**
 * Whether what was written has most likely been read. What stands in a pipe is lost with its reader, and there is no way to
 * know how much that is: so a reader is given a moment, and then has to be there still.
 */
export async function hasBeenRead(): Promise<boolean> {
  if (isPipe()) await pause(READ_MS, closed.signal);
  return !closed.signal.aborted;
}

function isPipe(): boolean {
  try {
    return fstatSync(process.stdout.fd).isFIFO();
  } catch {
    return false; // closed from the beginning
  }
}

/** The terminal shows ^C where the cursor was: what follows begins on a line of its own. */
export async function afterInterrupt(interrupted: AbortSignal): Promise<void> {
  if (interrupted.aborted && process.stdout.isTTY) await writeLine('');
}
