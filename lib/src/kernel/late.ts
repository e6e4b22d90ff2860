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
  private written = 0;

  append(count: number, channel: string, text: string): void {
    const notebook = process.env['JPY_SESSION_NAME'] ?? '';
    const parts = [new Date().toISOString(), notebook, `[${count}]`, channel, JSON.stringify(text)];
    const line = `${parts.filter(Boolean).join(' ')}\n`;
    try {
      // A timer that nobody stops would fill the disk.
      if (this.written > MAX_BYTES) this.path = undefined;
      this.path ??= this.begin();
      appendFileSync(this.path, line);
      this.written += line.length;
    } catch (error) {
      log('late output not logged', error);
    }
  }

  private begin(): string {
    this.written = 0;
    return open();
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
