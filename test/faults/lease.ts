import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { createTopic } from '../../lib/src/admin/create-topic.ts';
import { type BrokerStatus, brokerStatus } from '../../lib/src/broker/index.ts';
import { withState } from '../../lib/src/paths.ts';
import { type HolderProcess, holderProcess, kafkasOn, supervisorOf } from '../support/broker.ts';
import { kafkaLab, kill, waitUntil } from '../support/command.ts';
import { endOffsets } from '../support/kafka-tools.ts';
import { KernelClient } from '../support/kernel-client.ts';
import { Place } from './place.ts';
import { consuming, PATIENCE, says } from './running.ts';
import { declare, type Entry, type Fault } from './series.ts';

const MINUTE = 75_000;

/** Holders of one place's broker. */
class Leases {
  readonly place = new Place();
  private readonly held: HolderProcess[] = [];

  hold(linger = 0): HolderProcess {
    const holder = holderProcess(linger, this.place.env);
    this.held.push(holder);
    return holder;
  }

  /** A holder that has its broker. */
  async first(linger = 0): Promise<{ holder: HolderProcess; brokers: string[] }> {
    const holder = this.hold(linger);
    const { brokers } = await Promise.race([holder.ready, refused(holder)]);
    this.place.notePorts();
    return { holder, brokers };
  }

  get kafka(): number {
    return kafkasOn(this.place.state)[0]!;
  }

  /** Sends the holders away as if the power had gone. */
  dropAll(): void {
    for (const holder of this.held.splice(0)) holder.kill();
  }

  /** Waits until nobody holds Kafka; fails if it has gone with the last one. */
  async untilUnheld(): Promise<void> {
    const isUnheld = async () => {
      const status = await this.status();
      if (!status.running) throw new Error('Kafka has gone with the last who held it.');
      return status.holders.length === 0;
    };
    await waitUntil(isUnheld, 'nobody to hold Kafka');
  }

  /** Waits until Kafka is no longer kept, and then until it is gone: to stop takes it a while. Returns when it was let go. */
  async untilLetGo(limit = 15_000): Promise<number> {
    const isLetGo = async () => !(await this.status()).running;
    await waitUntil(isLetGo, 'Kafka to be let go', limit);
    const letGo = performance.now();
    await this.untilNoKafka();
    return letGo;
  }

  async untilNoKafka(): Promise<void> {
    await waitUntil(() => kafkasOn(this.place.state).length === 0, 'Kafka to be gone', 15_000);
  }

  private status(): Promise<BrokerStatus> {
    return withState(this.place.state, brokerStatus);
  }
}

async function refused(holder: HolderProcess): Promise<never> {
  throw new Error((await holder.error).message);
}

const RUNS = /Kafka \S+ runs at 127\.0\.0\.1:\d+, process \d+\./;
const NONE = /The lab's Kafka is not running\. npm start starts it\./;
export const both = (first: RegExp, second: RegExp) =>
  new RegExp(`${first.source}[\\s\\S]*${second.source}`);
export const AGAIN =
  /Run the notebook again from the top: Kafka is started again, with its topics\./;

const goings: Fault<Leases>[] = [
  {
    fault: 'the first asks, the last goes in order',
    told: both(both(RUNS, /Used by test, test\.[\s\S]*Used by test\./), NONE),
    run: async (leases) => {
      const [{ holder: one }, { holder: two }] = [await leases.first(), await leases.first()];
      const told = [await says(leases.place, 'status')];
      await one.release();
      told.push(await says(leases.place, 'status'));
      await two.release();
      return { told: [...told, await says(leases.place, 'status')].join('\n') };
    },
  },
  {
    fault: 'the last is killed',
    told: both(RUNS, NONE),
    run: async (leases) => {
      const { holder } = await leases.first();
      const before = await says(leases.place, 'status');
      holder.kill();
      await leases.untilNoKafka();
      return { told: `${before}\n${await says(leases.place, 'status')}` };
    },
  },
  {
    fault: 'killed with 3 s of lease left',
    told: NONE,
    run: async (leases) => {
      const { holder } = await leases.first(3000);
      const gone = performance.now();
      holder.kill();
      atLeast((await leases.untilLetGo()) - gone, 2900);
      return { told: await says(leases.place, 'status') };
    },
  },
  {
    fault: 'five ask at once',
    told: both(RUNS, /Used by test, test, test, test, test\./),
    run: async (leases) => {
      const holders = Array.from({ length: 5 }, () => leases.hold());
      const answers = await Promise.all(
        holders.map((holder) => Promise.race([holder.ready, refused(holder)])),
      );
      const told = await says(leases.place, 'status');
      if (new Set(answers.map(String)).size !== 1 || kafkasOn(leases.place.state).length !== 1) {
        throw new Error(`There is more than one broker: ${JSON.stringify(answers)}`);
      }
      leases.place.notePorts();
      await Promise.all(holders.map((holder) => holder.release()));
      return { told, runs: 5 };
    },
  },
];

function atLeast(elapsed: number, least: number): void {
  if (elapsed < least) throw new Error(`Kafka went after ${Math.round(elapsed)} ms already.`);
}

/** Produces some records to a topic of its own, and returns how to ask whether they are all there. */
export async function records(brokers: string[]): Promise<(brokers: string[]) => Promise<string>> {
  const topic = `faults-${randomUUID()}`;
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  await createTopic((settings) => kafka.admin(settings), { topic });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({
    topic,
    messages: Array.from({ length: 100 }, (_, n) => ({ value: String(n) })),
  });
  await producer.disconnect();
  return async (now) => `${(await endOffsets(now, topic))[0]} of 100 records are there.`;
}

/** The broker dies; the holder hears of it, and the next one finds its records. */
const dies = (fault: string, told: RegExp, victim: (leases: Leases) => number): Fault<Leases> => ({
  fault,
  told: both(both(told, AGAIN), /100 of 100 records are there\./),
  run: async (leases) => {
    const { holder, brokers } = await leases.first();
    const count = await records(brokers);
    kill(victim(leases), 'SIGKILL');
    const { message } = await holder.error;
    await leases.untilNoKafka();
    const next = await leases.first();
    const found = await count(next.brokers);
    await next.holder.release();
    return { told: `${message} ${found}` };
  },
});

const losses: Fault<Leases>[] = [
  dies('Kafka: SIGKILL', /Kafka was ended by SIGKILL\./, (leases) => leases.kafka),
  dies(
    'supervisor: SIGKILL takes Kafka with it',
    /Kafka is gone: the process of the lab/,
    (leases) => supervisorOf(leases.place.state)!,
  ),
  {
    fault: 'kafka-lab stop under a holder',
    told: both(both(/Kafka is stopped\./, /Kafka was stopped\./), AGAIN),
    run: async (leases) => {
      const { holder, brokers } = await leases.first(60_000);
      const count = await records(brokers);
      const said = await says(leases.place, 'stop');
      const { message } = await holder.error;
      const next = await leases.first();
      const found = await count(next.brokers);
      await next.holder.release();
      if (!found.startsWith('100 of')) throw new Error(found);
      return { told: `${said} ${message}` };
    },
  },
  {
    fault: 'the port is taken before the next start',
    told: RUNS,
    run: async (leases) => {
      const { holder, brokers } = await leases.first();
      await holder.release();
      const port = Number(brokers[0]!.split(':')[1]);
      const squatter = createServer().listen(port, '127.0.0.1');
      await new Promise((resolve) => squatter.once('listening', resolve));
      const next = await leases.first();
      const told = await says(leases.place, 'status');
      await next.holder.release();
      await new Promise((resolve) => squatter.close(resolve));
      if (told.includes(`:${port},`)) throw new Error('Both listen on one port.');
      return { told };
    },
  },
  {
    fault: 'supervisor: SIGKILL while Kafka starts, 3 ask',
    told: RUNS,
    run: async (leases) => {
      const holders = [leases.hold(), leases.hold(), leases.hold()];
      await waitUntil(() => supervisorOf(leases.place.state), 'a supervisor');
      kill(supervisorOf(leases.place.state)!, 'SIGKILL');
      await Promise.all(holders.map((holder) => Promise.race([holder.ready, refused(holder)])));
      leases.place.notePorts();
      const told = await says(leases.place, 'status');
      await Promise.all(holders.map((holder) => holder.release()));
      return { told, runs: 3 };
    },
  },
];

/** The last to use it goes, and Kafka stays for the whole minute. `use` returns when it went. */
const minute = (fault: string, use: (leases: Leases) => Promise<number>): Fault<Leases> => ({
  fault,
  told: both(/Nobody uses it now\./, NONE),
  limit: MINUTE,
  run: async (leases) => {
    const gone = await use(leases);
    await leases.untilUnheld();
    const status = await says(leases.place, 'status');
    leases.place.notePorts();
    atLeast((await leases.untilLetGo(MINUTE)) - gone, 55_000);
    return { told: `${status}\n${await says(leases.place, 'status')}` };
  },
});

const minutes = [
  minute('a kernel that used Kafka is killed: 1 minute', async ({ place }) => {
    const kernel = await KernelClient.start({ env: place.env, patience: PATIENCE });
    const { error } = await kernel.execute(consuming('minute', 'faults.minute'));
    const gone = performance.now();
    await kernel.close();
    if (error) throw new Error(error['evalue']);
    return gone;
  }),
  minute('a terminal command has ended: 1 minute', async ({ place }) => {
    const { code, output } = await kafkaLab(place.state, ['groups']).ended;
    if (code !== 0) throw new Error(output);
    return performance.now();
  }),
];

function leaseLane(faults: Fault<Leases>[]): Entry[] {
  const leases = new Leases();
  return declare({
    section: 'Lease',
    faults,
    // The next start: whoever asks next gets a broker.
    open: async () => {
      leases.dropAll();
      const { holder } = await leases.first();
      await holder.release();
      return leases;
    },
    remains: (_, limit) => {
      leases.dropAll();
      return leases.place.remains(limit);
    },
    close: async () => leases.dropAll(),
    dispose: () => leases.place.dispose(),
  });
}

export function lease(): Entry[] {
  return [
    ...leaseLane([minutes[0]!]),
    ...leaseLane([minutes[1]!]),
    ...leaseLane(goings),
    ...leaseLane(losses),
  ];
}
