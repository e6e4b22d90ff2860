import { once } from 'node:events';

const closed = new AbortController();
let listening = false;

/** Aborted when nobody reads our output any more: a pipe such as `| head` that was closed. */
export function outputClosed(): AbortSignal {
  tolerateClosedPipes();
  return closed.signal;
}

/** A closed pipe is no failure of the one that writes into it. */
export function tolerateClosedPipes(): void {
  if (listening) return;
  listening = true;
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', () => closed.abort());
}

/** Writes a line, and waits where the reader is slower than we are. */
export async function writeLine(text: string): Promise<void> {
  if (closed.signal.aborted || process.stdout.write(`${text}\n`)) return;
  await once(process.stdout, 'drain', { signal: closed.signal }).catch(() => undefined);
}

/** The terminal shows ^C where the cursor was: what follows begins on a line of its own. */
export async function afterInterrupt(interrupted: AbortSignal): Promise<void> {
  if (interrupted.aborted && process.stdout.isTTY) await writeLine('');
}
