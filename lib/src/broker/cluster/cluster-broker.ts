import type { Exit, Guarded } from '../../processes/guarded.js';
import { standsStill } from '../../processes/processes.js';
import { isSoWithin, withDeadline } from '../../waiting.js';
import { PortTaken, type SpawnedNode, untilReady } from '../embedded/spawn-node.js';
import { portTaken, refused, tooLate } from './broker-errors.js';

/** What a notebook can do to one broker of its cluster. */
export const BROKER_ACTIONS = ['kill', 'stop', 'start', 'pause', 'resume'] as const;
export type BrokerAction = (typeof BROKER_ACTIONS)[number];

/** How long each may take, in ms. */
const LIMITS = { kill: 5000, stop: 20_000, start: 45_000, pause: 5000, resume: 30_000 };

interface Surroundings {
  spawn: () => Promise<SpawnedNode>;
  /** Whether it serves clients, and those brokers that do so know it. */
  isPartOfCluster: () => Promise<boolean>;
  /** Called when its process ends though nobody asked for that. */
  onUnasked: (exit: Exit) => void;
}

/** One broker of a cluster, dead or alive. What is asked of it happens one after the other. */
export class ClusterBroker {
  #spawned: SpawnedNode | undefined;
  #isPaused = false;
  /** The process whose end was asked for. */
  #ending: Guarded | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly nodeId: number,
    private readonly around: Surroundings,
  ) {}

  get isRunning(): boolean {
    return this.#spawned !== undefined && !this.#isPaused;
  }

  /** Its process starts; whether it answers is another question. */
  async spawn(): Promise<SpawnedNode> {
    const spawned = await this.around.spawn();
    const { node } = spawned;
    this.#spawned = spawned;
    void node.exited.then((exit) => {
      this.#spawned = undefined;
      this.#isPaused = false;
      if (this.#ending !== node) this.around.onUnasked(exit);
    });
    return spawned;
  }

  /**
   * Resolves when it has happened: the process is gone or stands still, or the broker is part of the cluster again. What is so
   * already is left as it is.
   * @throws LabError BAD_INPUT, BROKER_FAILED, TIMED_OUT, INTERRUPTED
   */
  act(action: BrokerAction): Promise<void> {
    const done = this.#turn.then(() => this.#act(action));
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Ends its process at once, whatever state it is in. */
  async end(): Promise<void> {
    const node = this.#spawned?.node;
    if (!node) return;
    this.#ending = node;
    node.kill('SIGKILL'); // a process that stands still hears of no other signal
    await node.exited;
  }

  #act(action: BrokerAction): Promise<void> {
    switch (action) {
      case 'kill':
        return this.#gone('SIGKILL', LIMITS.kill);
      case 'stop':
        return this.#stop();
      case 'start':
        return this.#start();
      case 'pause':
        return this.#pause();
      case 'resume':
        return this.#resume();
    }
  }

  async #stop(): Promise<void> {
    if (this.#isPaused)
      throw refused(this.nodeId, 'stopped', 'stands still, and hears nothing', 'resume');
    await this.#gone('SIGTERM', LIMITS.stop);
  }

  async #gone(signal: NodeJS.Signals, limit: number): Promise<void> {
    const node = this.#spawned?.node;
    if (!node) return;
    this.#ending = node;
    node.kill(signal);
    const late = () => {
      throw tooLate(this.nodeId, `its process (${node.pid}) to end after ${signal}`, limit);
    };
    await withDeadline(node.exited, { ms: limit, late });
  }

  async #start(): Promise<void> {
    if (this.#isPaused) throw refused(this.nodeId, 'started', 'runs, and stands still', 'resume');
    if (this.#spawned) return;
    const spawned = await this.spawn();
    try {
      const isReady = this.around.isPartOfCluster;
      await untilReady([spawned], { isReady, limit: LIMITS.start });
    } catch (error) {
      await this.end();
      throw error instanceof PortTaken ? portTaken(this.nodeId, error) : error;
    }
  }

  async #pause(): Promise<void> {
    const node = this.#spawned?.node;
    if (!node) throw refused(this.nodeId, 'paused', 'does not run', 'start');
    node.kill('SIGSTOP');
    this.#isPaused = true;
    const what = `its process (${node.pid}) to stand still`;
    await this.#until(async () => standsStill(node.pid), what, LIMITS.pause);
  }

  async #resume(): Promise<void> {
    const node = this.#spawned?.node;
    if (!node) throw refused(this.nodeId, 'resumed', 'does not run', 'start');
    node.kill('SIGCONT');
    this.#isPaused = false;
    const what = 'it to be part of the cluster again';
    await this.#until(this.around.isPartOfCluster, what, LIMITS.resume);
  }

  async #until(isSo: () => Promise<boolean>, what: string, limit: number): Promise<void> {
    if (!(await isSoWithin(isSo, limit))) throw tooLate(this.nodeId, what, limit);
  }
}
