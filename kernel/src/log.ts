import { writeSync } from 'node:fs';
import { inspect } from 'node:util';

let server = 2;

/** Says which descriptor leads to the server's log. */
export function logTo(descriptor: number): void {
  server = descriptor;
}

/** A line in the server's log. Not through process.stderr: that belongs to the cells. */
export function log(what: string, error?: unknown): void {
  const detail = error instanceof Error ? `: ${error.message}` : error ? `: ${inspect(error)}` : '';
  try {
    writeSync(server, `[kernel] ${what}${detail}\n`);
  } catch {
    // Nobody reads it any more.
  }
}
