import { inspect } from 'node:util';
import { LabError } from '../../errors.js';
import { host } from '../../host.js';
import { type Fact, type Ledger, now } from '../../ledger/index.js';
import { withDeadline } from '../../waiting.js';
import { until, untilSo, type WaitOptions, within } from '../waiting/wait.js';
import { ReadingAlong } from './reading-along.js';
import type { ServiceOptions } from './service-options.js';
import { ServiceProcess } from './service-process.js';
import type { CommonSettings, ServiceRecord } from './service-settings.js';

/** The longest wait for an orderly end when the lab is closed: a kernel has two seconds for all of its own. */
const CLOSE_MS = 1500;

/** A service that runs as a process of its own. Made by `lab.service`, or by `lab.program`. */
export class Service {
  readonly name: string;
  /** The file to which its process writes its log. */
  readonly log: string;
  /** Settles when it has ended, and all its facts are in the ledger. */
  readonly ended: Promise<void>;
  private readonly process: ServiceProcess;
  private readonly facts: ReadingAlong;
  private isEnding = false;
  private isReady = false;
  private hasJoined = false;
  private hasLeft = false;
  private hasEnded = false;

  constructor(
    private readonly settings: CommonSettings,
    private readonly ledger: Ledger,
    { program, log, work }: { program: string; log: string; work?: ServiceOptions['work'] },
  ) {
    this.log = log;
    this.name = settings.name;
    this.facts = new ReadingAlong(settings.facts, (fact) => this.take(fact));
    this.process = new ServiceProcess(program, settings, log, (record) =>
      this.perform(record, work),
    );
    this.ended = this.process.ended.then(() => this.settle());
  }

  /** The process's number in the operating system. */
  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Short, for a cell that ends with it. */
  [inspect.custom](): string {
    return `Service ${this.name} (process ${this.pid})`;
  }

  /** Kills the process as a power cut would (SIGKILL): it can neither commit nor leave its group. */
  async crash(): Promise<void> {
    this.isEnding = true;
    await this.process.kill();
    await this.ended;
  }

  /**
   * Stops it in an orderly way: it finishes the order that it is processing, commits, and leaves its group. One that stands is killed.
   * @throws LabError TIMED_OUT after 20 s, or INTERRUPTED
   */
  async stop(options: WaitOptions = {}): Promise<void> {
    const what = `service ${this.name} to leave its group`;
    await within(this.end(), { what }, options);
  }

  /** The same for the end of the lab: it is killed if that takes too long. Never throws. */
  async close(): Promise<void> {
    await withDeadline(this.end(), { ms: CLOSE_MS, late: () => this.crash() });
  }

  /** Resolves when it has joined its group. @throws LabError CONSUMER_CRASHED, TIMED_OUT or INTERRUPTED */
  async ready(): Promise<void> {
    const { name, group } = this.settings;
    try {
      await until(this.ledger, {
        what: `service ${name} to join group ${group}`,
        isDone: () => this.hasJoined || this.hasEnded,
      });
      if (this.hasEnded) throw this.died();
      this.isReady = true;
    } catch (error) {
      await this.crash();
      throw error;
    }
  }

  /** Resolves when it stands still where `standsAt` says. @throws LabError CONSUMER_CRASHED, TIMED_OUT after 20 s, or INTERRUPTED */
  async standing(options: WaitOptions = {}): Promise<void> {
    const what = `service ${this.name} to stand still`;
    await untilSo(what, () => this.process.stands || this.hasEnded, options);
    if (!this.process.stands) throw this.died();
    this.facts.read();
  }

  private async end(): Promise<void> {
    if (this.process.stands) return this.crash();
    this.isEnding = true;
    this.process.askToStop();
    await this.ended;
  }

  private async perform(record: ServiceRecord, work: ServiceOptions['work']): Promise<void> {
    try {
      await work?.(record);
    } catch (error) {
      host().fail(error);
      await this.crash();
    }
  }

  private take(fact: Fact): void {
    if (fact.kind === 'joined') this.hasJoined = true;
    if (fact.kind === 'left') this.hasLeft = true;
    this.ledger.record(fact);
  }

  /** Reads what is left, says that it crashed unless it left by itself, and reports an end that nobody asked for. */
  private settle(): void {
    this.facts.end();
    this.hasEnded = true;
    const { name: member, group } = this.settings;
    const reason = this.isEnding ? 'killed' : this.process.lastWords;
    if (!this.hasLeft) this.ledger.record({ kind: 'crashed', time: now(), group, member, reason });
    if (!this.isEnding && this.isReady) host().fail(this.died());
  }

  private died(): LabError {
    return new LabError('CONSUMER_CRASHED', {
      what: `Service ${this.name} ended by itself.`,
      why: `It ended with ${this.process.lastWords}`,
      fix: 'Correct what the log reports, and run its cell again.',
    });
  }
}
