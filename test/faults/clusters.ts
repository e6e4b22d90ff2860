import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  guardOf,
  type HolderProcess,
  holderProcess,
  kafkasOn,
  supervisorOf,
} from '../support/broker.ts';
import { kill, waitUntil } from '../support/command.ts';
import { KernelClient } from '../support/kernel-client.ts';
import { AGAIN, both, records } from './lease.ts';
import { Place } from './place.ts';
import { PATIENCE, says } from './running.ts';
import { declare, type Entry, type Fault } from './series.ts';

/** A kernel with three brokers of its own, beside a Kafka with records that another process holds. */
class RunningCluster {
  private constructor(
    readonly place: Place,
    readonly kernel: KernelClient,
    private readonly holder: HolderProcess,
    private readonly others: () => Promise<string>,
  ) {}

  static async open(place: Place): Promise<RunningCluster> {
    const holder = holderProcess(0, place.env);
    const { brokers } = await holder.ready;
    const count = await records(brokers);
    const kernel = await KernelClient.start({ env: place.env, patience: PATIENCE });
    const running = new RunningCluster(place, kernel, holder, () => count(brokers));
    await running.execute(`
import { openLab } from 'kafka-lab';
const lab = await openLab('cluster', { brokers: 3 });
const orders = await lab.topic('orders', { partitions: 3 });`);
    place.notePorts();
    return running;
  }

  async execute(code: string): Promise<void> {
    const { error } = await this.kernel.execute(code);
    if (error) throw new Error(`${error['ename']}: ${error['evalue']}`);
  }

  /** What a cell is told that waits while something happens. */
  async whileWaiting(happens: () => void): Promise<string> {
    const code = "console.log('waits'); await new Promise(() => {});";
    const id = await this.kernel.send('shell', 'execute_request', { code });
    await this.kernel.until('the cell to wait', () =>
      this.kernel.of(id).some(({ content }) => content['text'] === 'waits\n'),
    );
    happens();
    const { error } = await this.kernel.answer(id);
    return error?.['evalue'];
  }

  /**
   * What cells are told until the end of each of these brokers has been: one cell may be told of several, or of one. One that ends
   * while a cell is failing for another is told of in an output.
   */
  async whileNotToldOf(brokers: number[], said: string): Promise<string> {
    let told = said;
    const noted = () => this.kernel.published.map(({ content }) => content['text']).join('');
    const isTold = (broker: number) => `${told}${noted()}`.includes(`Broker ${broker} was ended`);
    while (!brokers.every(isTold)) {
      const { error } = await this.kernel.execute('await new Promise(() => {});');
      told += error?.['traceback'].join('\n');
    }
    // What came between two cells is in an output, and fails the next cell, too.
    const { error } = await this.kernel.execute('0');
    return told + (error?.['traceback'].join('\n') ?? '');
  }

  get supervisor(): number {
    return supervisorOf(this.folder)!;
  }

  /** Of the controller and the brokers, not of the Kafka beside. */
  get processes(): number[] {
    return kafkasOn(this.folder);
  }

  processOf(node: number): number {
    return kafkasOn(join(this.folder, 'data', 'cluster', `${node}/`))[0]!;
  }

  async untilGone(): Promise<void> {
    await waitUntil(() => this.processes.length === 0, 'the cluster to be gone', 15_000);
  }

  /** What a supervisor that is killed leaves, the kernel clears up while it lives. */
  async untilCleared(): Promise<void> {
    const left = () => this.place.left().some((name) => name.startsWith('own/'));
    await waitUntil(() => !left(), 'the files of the cluster to be gone', 15_000);
  }

  /** Lets go of all, the other's Kafka last: returns what that still holds. */
  async close(): Promise<string> {
    await this.kernel.close();
    await this.untilGone();
    const told = await this.others();
    await this.holder.release();
    return told;
  }

  private get folder(): string {
    const own = join(this.place.state, 'own');
    return join(own, readdirSync(own).find((name) => !name.endsWith('.lock'))!);
  }
}

const UNTOUCHED = /100 of 100 records are there\./;
const PAUSED = 'await Promise.all([lab.broker(1).pause(), lab.broker(2).pause()]);';

/** The kernel goes, and all that it had with it; what it says is nothing. */
const kernelGoes = (fault: string, before: string): Fault<RunningCluster> => ({
  fault,
  told: UNTOUCHED,
  run: async (running) => {
    if (before) await running.execute(before);
    return { told: await running.close() };
  },
});

/** A process of the cluster goes, and takes the others along. */
const allGo = (
  fault: string,
  { told, victims }: { told: RegExp; victims: (running: RunningCluster) => number[] },
  before = '',
): Fault<RunningCluster> => ({
  fault,
  told: both(told, UNTOUCHED),
  run: async (running) => {
    if (before) await running.execute(before);
    const said = await running.whileWaiting(() => {
      for (const pid of victims(running)) kill(pid, 'SIGKILL');
    });
    await running.untilGone();
    await running.untilCleared();
    return { told: `${said} ${await running.close()}` };
  },
});

/** Brokers go, the cluster stays, and they come back. */
const brokersGo = (fault: string, brokers: number[]): Fault<RunningCluster> => ({
  fault,
  told: both(/Broker \d was ended by SIGKILL.*await lab\.broker\(\d\)\.start\(\)/, UNTOUCHED),
  run: async (running) => {
    const first = await running.whileWaiting(() => {
      for (const pid of brokers.map((broker) => running.processOf(broker))) kill(pid, 'SIGKILL');
    });
    const said = await running.whileNotToldOf(brokers, first);
    const starts = brokers.map((broker) => `lab.broker(${broker}).start()`);
    await running.execute(`await Promise.all([${starts}]);`);
    if (running.processes.length !== 4) throw new Error(`There are ${running.processes.length}.`);
    return { told: `${said} ${await running.close()}` };
  },
});

const everything: Fault<RunningCluster> = {
  fault: 'kernel, supervisor, guards and brokers at once',
  told: both(/left of processes that are gone[\s\S]*kafka-lab doctor --clean/, UNTOUCHED),
  run: async (running) => {
    const { processes, supervisor, kernel } = running;
    const guards = processes.map(guardOf);
    for (const pid of [supervisor, kernel.process.pid!, ...guards, ...processes])
      kill(pid, 'SIGKILL');
    const other = await running.close();
    const said = await says(running.place, 'doctor');
    await says(running.place, 'doctor', '--clean');
    return { told: `${said} ${other}` };
  },
};

function clusterLane(faults: Fault<RunningCluster>[]): Entry[] {
  const place = new Place();
  return declare({
    section: 'A cluster, and another Kafka beside it',
    faults,
    open: () => RunningCluster.open(place),
    remains: (_, limit) => place.remains(limit),
    close: (running) => running.close(),
    dispose: () => place.dispose(),
  });
}

export function clusters(): Entry[] {
  const gone = /Kafka is gone: the process of the lab that looks after it has ended/;
  const over = /The cluster is gone: its controller was ended by SIGKILL/;
  return [
    ...clusterLane([
      kernelGoes('kernel: SIGKILL', ''),
      kernelGoes('kernel: SIGKILL while two brokers stand still', PAUSED),
      ...[1, 2, 3].map((broker) => brokersGo(`broker ${broker}: SIGKILL`, [broker])),
      brokersGo('all three brokers: SIGKILL', [1, 2, 3]),
    ]),
    ...clusterLane([
      allGo('supervisor: SIGKILL', {
        told: both(gone, AGAIN),
        victims: ({ supervisor }) => [supervisor],
      }),
      allGo(
        'supervisor: SIGKILL while two brokers stand still',
        { told: both(gone, AGAIN), victims: ({ supervisor }) => [supervisor] },
        PAUSED,
      ),
      allGo('controller: SIGKILL', { told: over, victims: (running) => [running.processOf(100)] }),
      everything,
    ]),
  ];
}
