import { host } from '../../host.js';
import { now, type Recorder } from '../../ledger/index.js';
import type { ShareConsumer } from '../../share-groups/index.js';
import { disconnectWithin } from '../../waiting.js';
import type { Open } from '../closed.js';
import { onInterrupt } from '../waiting/interrupt.js';
import { recordShares } from './record-shares.js';

/** Whether an error of a group's handlers is part of an experiment. */
type IsExpected = (group: string, error: unknown) => boolean;

/** The share consumers of one lab: watched, and disconnected when it ends or when their cell is run again. */
export class ShareClients {
  private readonly consumers = new Set<ShareConsumer>();

  constructor(
    private readonly recorder: Recorder,
    private readonly open: Open,
    private readonly isExpected: IsExpected,
  ) {}

  /** Makes the genuine consumer tell the ledger what it does. Returns the same object. */
  watch<C extends ShareConsumer>(consumer: C): C {
    if (this.consumers.has(consumer)) return consumer;
    this.consumers.add(consumer);
    recordShares(consumer, this.recorder);
    const report = (error: unknown) => {
      if (!this.isExpected(consumer.groupId, error)) host().fail(error);
    };
    consumer.on('failed', ({ error }) => report(error));
    consumer.on('crashed', ({ error }) => report(error));
    this.watchRunning(consumer);
    return consumer;
  }

  /** Never throws. */
  async close(): Promise<void> {
    await Promise.all([...this.consumers].map((consumer) => this.retire(consumer)));
  }

  private watchRunning(consumer: ShareConsumer): void {
    const run = consumer.run.bind(consumer);
    const disconnect = consumer.disconnect.bind(consumer);
    let forget = () => {};
    consumer.run = async (options) => {
      this.open.require();
      const { clientId: member, groupId: group } = consumer;
      // A client id that comes again belongs to a cell that was run again.
      const earlier = [...this.consumers].filter(
        (other) => other !== consumer && other.clientId === member,
      );
      await Promise.all(earlier.map((other) => this.retire(other)));
      forget();
      forget = onInterrupt(() => this.retire(consumer));
      this.recorder.record({ kind: 'joining', time: now(), group, member });
      await run(options);
    };
    consumer.disconnect = async () => {
      forget();
      await disconnect();
    };
  }

  private async retire(consumer: ShareConsumer): Promise<void> {
    this.consumers.delete(consumer);
    await disconnectWithin(consumer);
  }
}
