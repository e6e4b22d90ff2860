import * as kafkajs from 'kafkajs';
import { readableLog } from '../lab/client-log.js';
import type { ProgramSettings } from '../lab/service/service-settings.js';
import { watch } from '../lab/watch.js';
import { FactFile } from '../ledger/index.js';
import { Parent } from './parent.js';
import { StandingNetwork } from './standing-network.js';

type Client = kafkajs.Consumer | kafkajs.Producer | kafkajs.Admin;

/** The clients of a learner's own program: genuine, and watched. */
export class OwnClients {
  /** The package as the program imports it. */
  readonly kafkajs: typeof kafkajs;
  private readonly clients: Client[] = [];

  /** @param fail called when a consumer has ended for good */
  constructor({ group, facts, standsBefore }: ProgramSettings, fail: (error: unknown) => void) {
    const file = new FactFile(facts);
    const network = new StandingNetwork(standsBefore, () => void new Parent().stand());
    const { clients } = this;
    class OwnKafka extends kafkajs.Kafka {
      constructor(config: kafkajs.KafkaConfig) {
        const { socketFactory } = network;
        super({ logCreator: () => readableLog(toStderr), ...config, socketFactory });
        const other = this.consumer.bind(this);
        const { producer, consumer, admin } = watch(this, file);
        this.consumer = (of) => kept((of?.groupId === group ? consumer : other)(of));
        this.producer = (of) => kept(producer(of));
        this.admin = (of) => kept(admin.call(this, of));
      }
    }
    function kept<C extends Client>(client: C): C {
      clients.push(client);
      if ('run' in client)
        client.on('consumer.crash', ({ payload: { error, restart } }) => restart || fail(error));
      return client;
    }
    this.kafkajs = { ...kafkajs, Kafka: OwnKafka };
  }

  /** Consumers first: they finish what they have in hand, for which they may need the others. */
  async disconnect(): Promise<void> {
    const isConsumer = (client: Client) => 'run' in client;
    const leave = (of: Client[]) => Promise.all(of.map((client) => client.disconnect()));
    await leave(this.clients.filter(isConsumer));
    await leave(this.clients.filter((client) => !isConsumer(client)));
  }
}

const toStderr = (line: string): void => void process.stderr.write(line);
