import { rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { LabError, messageOf } from '../../errors.js';
import { installed } from '../../paths.js';
import type { Lock } from '../../processes/lock.js';
import { buildCacheWhenIdle } from '../embedded/aot-build.js';
import { type Conversation, Door } from './door.js';
import { type Holder, Holders } from './holders.js';
import { type Kafka, startBrokers } from './kafka.js';
import { endLeftover, records } from './leftover.js';
import { errorText, type Order, type Reply, type Request, send } from './protocol.js';

/** How long the broker waits for whoever had it started, in ms. */
const FIRST_HOLDER = 5000;

/** Runs one Kafka, of one broker or several, for as long as somebody holds it. One process, one supervisor, one Kafka: then it ends. */
export class Supervisor {
  readonly #door = new Door((socket, request) => this.#answer(socket, request));
  readonly #holders = new Holders(performance.now() + FIRST_HOLDER);
  readonly #leases = new Set<Socket>();
  /** Those who wait for the answer to their leaving. */
  readonly #releasing = new Set<Socket>();
  readonly #end = new AbortController();
  #starting: Promise<Kafka> | undefined;
  /** What holders are to know: where Kafka is, or why there is none. */
  #news: Reply | undefined;
  #kafka: Kafka | undefined;
  #cache: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended!: () => void;
  /** Resolves when Kafka is gone, and nothing is left but the lock. */
  readonly ended = new Promise<void>((resolve) => (this.#ended = resolve));

  constructor(
    private readonly lock: Lock,
    private readonly brokers: number,
  ) {}

  /** Opens for clients and starts Kafka. Never rejects: whoever asks is told. */
  async run(): Promise<void> {
    try {
      await this.#door.open();
      this.#schedule();
      await endLeftover();
      // The lock of an owner that is gone may have been cleared twice at once. Never two Kafkas: the second opens (and spoils) the
      // first one's metadata before it meets Kafka's own lock.
      if (!this.lock.owned()) return await this.end();
      await this.#start();
    } catch (error) {
      const failure = error instanceof LabError ? error : unexpected(error);
      this.#notify({ say: 'failed', ...errorText(failure) });
      // If nobody is there yet to be told, the first who comes is.
      if (this.#leases.size > 0) await this.end();
    }
  }

  /** Stops Kafka and everything else. Holders that are left have been told why. */
  async end(): Promise<void> {
    if (this.#end.signal.aborted) return this.ended;
    this.#end.abort();
    clearTimeout(this.#timer);
    // Closed before Kafka stops, so that whoever asks from now on waits for the next supervisor.
    this.#door.close();
    const kafka = await this.#starting?.catch(() => undefined);
    await Promise.all([kafka?.stop(), this.#cache]);
    for (const path of records()) rmSync(path, { force: true });
    await Promise.all([...this.#leases].map(flushed));
    await Promise.all(this.#dismiss());
    this.#ended();
  }

  /** Whether this is still the supervisor that others find, and the only one. */
  isCurrent(): boolean {
    return this.lock.owned() && this.#door.isFound();
  }

  async #start(): Promise<void> {
    this.#starting = startBrokers(this.brokers, {
      signal: this.#end.signal,
      onEnded: (error, broker) => this.#tell({ say: 'ended', broker, ...errorText(error) }),
    });
    const kafka = await this.#starting;
    this.#kafka = kafka;
    this.#notify({ say: 'ready', brokers: kafka.brokers, version: kafka.version });
    this.#cache = buildCacheWhenIdle(this.#end.signal);
    const lost = await kafka.lost;
    if (this.#end.signal.aborted) return;
    this.#notify({ say: 'lost', ...errorText(lost) });
    await this.end();
  }

  #answer(socket: Socket, request: Request): Conversation | undefined {
    if (this.#end.signal.aborted) {
      socket.destroy();
      return undefined;
    }
    switch (request.ask) {
      case 'lease':
        return this.#lease(socket, { name: request.holder, linger: request.linger });
      case 'status':
        send(socket, this.#status());
        socket.end();
        return undefined;
      case 'stop':
        this.#notify({ say: 'lost', ...errorText(stoppedOnPurpose()) });
        this.#releasing.add(socket);
        void this.end();
        return undefined;
    }
  }

  #lease(socket: Socket, holder: Holder): Conversation {
    const id = this.#holders.join(holder);
    this.#leases.add(socket);
    this.#schedule();
    const leave = () => {
      this.#leases.delete(socket);
      this.#holders.leave(id, performance.now());
      this.#schedule();
    };
    socket.on('close', leave);
    // At once, whatever Kafka does: a supervisor that says nothing is frozen.
    send(socket, this.#news ?? { say: 'starting' });
    if (this.#news?.say === 'failed') void this.end();
    return (wish) => {
      if (wish.ask === 'act') return void this.#act(socket, wish);
      this.#releasing.add(socket);
      leave();
    };
  }

  async #act(socket: Socket, { id, broker, action }: Order): Promise<void> {
    try {
      await this.#kafka?.act(broker, action);
      send(socket, { say: 'done', id });
    } catch (error) {
      const refusal = error instanceof LabError ? error : unexpected(error);
      send(socket, { say: 'refused', id, ...errorText(refusal) });
    }
  }

  #status(): Reply {
    const { pid, brokers = [], version = installed().kafkaVersion } = this.#kafka ?? {};
    return { say: 'status', ...(pid && { pid }), brokers, version, holders: this.#holders.names() };
  }

  #notify(news: Reply): void {
    this.#news = news;
    this.#tell(news);
  }

  #tell(news: Reply): void {
    for (const socket of this.#leases) send(socket, news);
  }

  #dismiss(): Promise<void>[] {
    const sockets = [...this.#releasing];
    this.#releasing.clear();
    for (const socket of sockets) send(socket, { say: 'released' });
    return sockets.map(flushed);
  }

  #schedule(): void {
    if (this.#end.signal.aborted) return;
    clearTimeout(this.#timer);
    const remaining = this.#holders.remaining(performance.now());
    if (remaining !== undefined) this.#timer = setTimeout(() => void this.end(), remaining);
    // The last to leave is told when Kafka has ended, if that is now; the others at once.
    if (remaining !== 0) this.#dismiss();
  }
}

/** Ends a connection when what was said on it has been sent. */
function flushed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    socket.once('close', () => resolve()).end(() => socket.destroy());
  });
}

function unexpected(cause: unknown): LabError {
  return new LabError('BROKER_FAILED', {
    what: 'Kafka could not be started.',
    why: messageOf(cause),
    cause,
  });
}

function stoppedOnPurpose(): LabError {
  return new LabError('BROKER_LOST', {
    what: 'Kafka was stopped.',
    why: 'Somebody on this machine asked the lab to stop it.',
    fix: 'Run the notebook again from the top: Kafka is started again, with its topics.',
  });
}
