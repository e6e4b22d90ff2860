import { type ChildProcess, spawn } from 'node:child_process';
import type { Connection } from '../../broker/index.js';
import { appendLog } from '../../log.js';
import { type FromService, type ServiceRecord, settingsLine } from './service-settings.js';

const KEPT_LINES = 8;

type Work = (record: ServiceRecord) => Promise<void>;

/** The operating system's side of a service: a process, its log, and its end. */
export class ServiceProcess {
  /** Settles when the process is gone and all that it said is in the log. */
  readonly ended: Promise<void>;
  /** It has stopped at the order at which it is to be killed. */
  stands = false;
  private readonly child: ChildProcess;
  private tail: string[] = [];

  /**
   * @param program the file that runs; its settings are the first line of its input
   * @param work done with each record that it hands over, one at a time; it gets an answer when that is over
   */
  constructor(program: string, settings: { connection: Connection }, log: string, work: Work) {
    // A group of its own: an interrupt of the cell goes to the whole group of the kernel.
    this.child = spawn(process.execPath, [program], {
      stdio: ['pipe', 'ignore', 'pipe', 'ipc'],
      detached: true,
    });
    this.ended = new Promise((resolve) => {
      this.child.once('close', () => resolve());
      this.child.once('error', ({ message }) => {
        this.tail.push(message);
        resolve();
      });
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.keep(text, log));
    this.child.on('message', (message) => void this.hear(message as FromService, work));
    // Writing to a process that has just died is no error: `ended` tells.
    this.child.stdin?.on('error', () => {});
    this.child.stdin?.write(settingsLine(settings));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** How it ended, and the last lines of its log. */
  get lastWords(): string {
    const { exitCode, signalCode } = this.child;
    const how = signalCode ? `signal ${signalCode}` : `exit code ${exitCode}`;
    return [`${how}; the end of its log:`, ...this.tail].join('\n');
  }

  /** Asks it to finish what it has in hand, to leave its group, and to end. */
  askToStop(): void {
    this.child.stdin?.write('stop\n');
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private async hear(message: FromService, work: Work): Promise<void> {
    if ('stands' in message) {
      this.stands = true;
      return;
    }
    await work(message.record);
    if (this.child.connected) this.child.send('done', () => {});
  }

  private keep(text: string, log: string): void {
    appendLog(log, text);
    this.tail = [...this.tail, ...text.trimEnd().split('\n')].slice(-KEPT_LINES);
  }
}
