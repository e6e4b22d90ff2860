import type { Socket } from 'node:net';
import { LabError } from '../../errors.js';
import { errorLines, readLog } from '../../log.js';
import type { ProcessId } from '../../processes/processes.js';
import { withDeadline } from '../../waiting.js';
import type { BrokerAction } from '../cluster/cluster-broker.js';
import type { Connection } from '../config/address.js';
import { startSupervisor, throwIfInterrupted } from './client.js';
import { clearUp } from './leftover.js';
import { Orders } from './orders.js';
import { errorOf, files, onMessage, type Ready, type Reply, send } from './protocol.js';

/** Hears that Kafka is gone or, with its number, one broker of a cluster. */
export type LossListener = (error: LabError, broker?: number) => void;

/** A Kafka to work with, until it is released or this process ends. */
export interface BrokerLease {
  readonly connection: Connection;
  readonly origin: 'embedded' | 'address';
  /** Kafka's version, where the lab brought it. */
  readonly version?: string;
  /** What names begin with there, so that learners keep apart: see namePrefix. */
  readonly prefix?: string;
  /** Calls back if the broker dies under us: with BROKER_LOST, once; for each broker of a cluster that does, too. */
  onLost(listener: LossListener): void;
  /** Gives it back. If that stops Kafka, resolves when it has stopped. */
  release(): Promise<void>;
}

/** A hold on the embedded broker: the connection to its supervisor, for as long as it lasts. */
export interface SupervisorLease {
  readonly brokers: string[];
  readonly version: string;
  onLost(listener: LossListener): void;
  /** Has something done to one broker of a cluster, and waits until it is. */
  act(broker: number, action: BrokerAction, signal?: AbortSignal): Promise<void>;
  release(): Promise<void>;
}

export interface LeaseOptions {
  holder: string;
  /** How many brokers the Kafka is to have: 1 unless given. */
  brokers?: number;
  linger: number;
  signal?: AbortSignal | undefined;
  /** How long all of it may take, in ms. */
  limit?: number;
  /** Called once if the supervisor has said nothing for 3 s, with its process: whoever waits may want to know for what. */
  onSilent?: ((pid: number) => void) | undefined;
}

/** A supervisor answers at once, a busy machine's within seconds; one that is frozen never does. In ms. */
const SILENT_AFTER = 3000;
const GIVE_UP_AFTER = 15_000;

/**
 * Holds the embedded broker, starting it if need be.
 * @throws LabError BROKER_FAILED, TIMED_OUT, INTERRUPTED
 */
export async function leaseFromSupervisor(options: LeaseOptions): Promise<SupervisorLease> {
  const { limit = 90_000, signal, brokers } = options;
  const deadline = performance.now() + limit;
  for (;;) {
    const left = Math.max(0, deadline - performance.now());
    const { socket, token, supervisor } = await startSupervisor(left, signal, brokers);
    const lease = new Lease(socket, supervisor);
    lease.expectAnswer(supervisor.pid, options.onSilent);
    send(socket, { ask: 'lease', token, holder: options.holder, linger: options.linger });
    // A supervisor that goes just then, or is killed while it starts, says nothing: ask the next one.
    if (await lease.untilReady(deadline - performance.now(), signal)) return lease;
  }
}

class Lease implements SupervisorLease {
  readonly #socket: Socket;
  readonly #orders = new Orders((order) => send(this.#socket, order));
  readonly #listeners: LossListener[] = [];
  #waiting: { ready(): void; failed(error: LabError): void; gone(): void } | undefined;
  #ready: Ready | undefined;
  #lost: LabError | undefined;
  #released = false;
  #silence: NodeJS.Timeout | undefined;
  /** What has to be done first where the supervisor was killed. */
  #cleared = Promise.resolve();

  constructor(
    socket: Socket,
    private readonly supervisor: ProcessId,
  ) {
    this.#socket = socket;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#closed());
    onMessage<Reply>(socket, (reply) => this.#receive(reply));
  }

  get brokers(): string[] {
    return this.#ready?.brokers ?? [];
  }

  get version(): string {
    return this.#ready?.version ?? '';
  }

  /** From now on the supervisor has to say something, or waiting for it fails. */
  expectAnswer(pid: number, onSilent?: (pid: number) => void): void {
    this.#silence = setTimeout(() => {
      onSilent?.(pid);
      const giveUp = () => this.#waiting?.failed(silent(pid));
      this.#silence = setTimeout(giveUp, GIVE_UP_AFTER - SILENT_AFTER);
    }, SILENT_AFTER);
  }

  /** Resolves to false if the supervisor has gone without a word. */
  async untilReady(limit: number, signal?: AbortSignal): Promise<boolean> {
    const answered = new Promise<boolean>((resolve, reject) => {
      this.#waiting = { ready: () => resolve(true), failed: reject, gone: () => resolve(false) };
    });
    try {
      throwIfInterrupted(signal); // it may have been while the connection was made
      return await withDeadline(answered, {
        ms: limit,
        late: () => {
          throw tooLate(limit);
        },
        signal,
        aborted: () => {
          throw new LabError('INTERRUPTED', interrupted);
        },
      });
    } catch (error) {
      this.#socket.destroy();
      throw error;
    } finally {
      this.#waiting = undefined;
      clearTimeout(this.#silence);
    }
  }

  onLost(listener: LossListener): void {
    if (this.#lost) listener(this.#lost);
    else this.#listeners.push(listener);
  }

  act(broker: number, action: BrokerAction, signal?: AbortSignal): Promise<void> {
    return this.#orders.give(broker, action, signal);
  }

  /** Resolves when the supervisor has taken note; if Kafka stops for it, when Kafka is gone. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    if (this.#socket.destroyed) return this.#cleared;
    const closed = new Promise((resolve) => this.#socket.once('close', resolve));
    this.#socket.ref();
    send(this.#socket, { ask: 'release' });
    await withDeadline(closed, { ms: RELEASE_LIMIT, late: () => this.#socket.destroy() });
    await closed;
  }

  #receive(reply: Reply): void {
    clearTimeout(this.#silence);
    if (reply.say === 'ready') {
      this.#ready = reply;
      this.#socket.unref(); // a process that has nothing else to do may end, and its hold with it
      this.#waiting?.ready();
    } else if (reply.say === 'failed') {
      this.#waiting?.failed(errorOf(reply));
    } else if (reply.say === 'lost') {
      if (this.#waiting) this.#waiting.failed(errorOf(reply));
      else this.#lose(errorOf(reply));
    } else if (reply.say === 'ended') {
      for (const listener of this.#listeners) listener(errorOf(reply), reply.broker);
    } else if (reply.say === 'done' || reply.say === 'refused') {
      this.#orders.answered(reply);
    } else if (reply.say === 'released') {
      this.#socket.end();
    }
  }

  #closed(): void {
    this.#orders.end(this.#lost ?? supervisorGone());
    if (this.#waiting) this.#waiting.gone();
    else if (this.#ready && !this.#released) {
      this.#cleared = clearUp(this.supervisor);
      this.#lose(supervisorGone());
    }
  }

  #lose(error: LabError): void {
    if (this.#lost || this.#released) return;
    this.#lost = error;
    for (const listener of this.#listeners) listener(error);
  }
}

/** Kafka stops within a second; 5 s later it is killed. */
const RELEASE_LIMIT = 8000;

const interrupted = { what: 'Waiting for Kafka was interrupted.' };

function tooLate(limit: number): LabError {
  return new LabError('TIMED_OUT', {
    what: `Kafka was not ready within ${Math.round(limit / 1000)} s.`,
    why: `Its log, ${files.kafkaLog()}, ends with: ${errorLines(readLog(files.kafkaLog()))}`,
    fix: 'Run: npx --no kafka-lab stop, then try again.',
  });
}

function silent(pid: number): LabError {
  return new LabError('TIMED_OUT', {
    what: `The process of the lab that looks after Kafka (${pid}) has not answered for ${GIVE_UP_AFTER / 1000} s.`,
    why: 'It is stopped, or it hangs.',
    fix: 'Run: npx --no kafka-lab stop, then try again. Topics and offsets stay.',
  });
}

function supervisorGone(): LabError {
  return new LabError('BROKER_LOST', {
    what: 'Kafka is gone: the process of the lab that looks after it has ended.',
    why: `Something ended it from outside; its log is ${files.supervisorLog()}.`,
    fix: 'Run the notebook again from the top: Kafka is started again, with its topics.',
  });
}
