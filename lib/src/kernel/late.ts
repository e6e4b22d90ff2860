import { appendFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { stateDir } from '../paths.js';
import { log } from './log.js';

const MAX_BYTES = 1024 * 1024;

/**
 * The log of what cells wrote after they had ended: clients such as nbclient drop it.
 * One line a write: time, notebook if known, cell, channel, the text as JSON.
 */
export class LateOutputLog {
  private path: string | undefined;

  append(count: number, channel: string, text: string): void {
    const notebook = process.env['JPY_SESSION_NAME'] ?? '';
    const line = [new Date().toISOString(), notebook, `[${count}]`, channel, JSON.stringify(text)];
    try {
      this.path ??= open();
      appendFileSync(this.path, `${line.filter(Boolean).join(' ')}\n`);
    } catch (error) {
      log('late output not logged', error);
    }
  }
}

/** Starts the file anew when it has grown large. */
function open(): string {
  const folder = stateDir('logs');
  mkdirSync(folder, { recursive: true });
  const path = stateDir('logs', 'late-output.log');
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_BYTES) rmSync(path);
  return path;
}
