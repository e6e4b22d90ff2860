import { appendLog } from '../../log.js';
import { stateDir } from '../../paths.js';
import { log } from '../log.js';

/**
 * The log of what cells wrote after they had ended: clients such as nbclient drop it.
 * One line a write: time, notebook if known, cell, channel, the text as JSON.
 */
export class LateOutputLog {
  append(count: number, channel: string, text: string): void {
    const notebook = process.env['JPY_SESSION_NAME'] ?? '';
    const parts = [new Date().toISOString(), notebook, `[${count}]`, channel, JSON.stringify(text)];
    try {
      appendLog(stateDir('logs', 'late-output.log'), `${parts.filter(Boolean).join(' ')}\n`);
    } catch (error) {
      log('late output not logged', error);
    }
  }
}
