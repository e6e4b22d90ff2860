import {
  isCommitted,
  isDrained,
  type Ledger,
  openBatches,
  presentMembers,
  recordsLeft,
  tally,
} from '../../ledger/index.js';
import type { Open } from '../closed.js';
import type { Stream } from '../resources/stream.js';
import type { Topic } from '../resources/topics.js';
import type { Groups } from './groups.js';
import type { Logs } from './logs.js';
import { isStable, stability } from './stability.js';
import { until, untilConfirmed, untilSo, type WaitOptions, within } from './wait.js';

/** What a cell can wait for. Each wait has a limit, says what it waited for, and ends when its cell is interrupted. */
export abstract class Waits {
  protected readonly streams = new Set<Stream>();

  constructor(
    /** What happened since the lab was opened. */
    readonly ledger: Ledger,
    private readonly partitionsOf: (topic: string) => number | undefined,
    protected readonly open: Open,
    protected readonly logs: Logs,
    private readonly groups: Groups,
  ) {}

  /**
   * Waits until the group has just so many members, each partition of what they read has one owner, and the broker moves none.
   * @throws LabError TIMED_OUT after 20 s, or INTERRUPTED
   */
  async untilStable(
    group: string,
    { members, ...options }: { members: number } & WaitOptions,
  ): Promise<void> {
    this.open.require();
    const wait = {
      what: `group ${group} to have ${members} members with every partition owned`,
      isDone: () => isStable(this.ledger, group, members, this.partitionsOf),
      progress: () => stability(this.ledger, group),
    };
    const settled = async () => {
      do await until(this.ledger, wait, options);
      while (!(await this.groups.isSettled(group)) || !wait.isDone());
    };
    await within(settled(), wait, options);
  }

  /**
   * Waits until the group has processed every record of the topic that was produced, and no stream goes on.
   * @throws LabError TIMED_OUT after 20 s, or INTERRUPTED
   */
  async untilDrained(group: string, topic: Topic, options: WaitOptions = {}): Promise<void> {
    this.open.require();
    const look = () => tally(this.ledger, group, topic.name);
    await this.streamsDone(options);
    await untilConfirmed(
      this.ledger,
      () => this.logs.ask(topic.name),
      {
        what: `group ${group} to process every record of ${topic.name}`,
        isDone: () => isDrained(this.ledger, group, topic.name),
        progress: () => {
          const { processed, produced } = look();
          const members = presentMembers(this.ledger, group).join(', ') || 'none';
          return `${processed} of ${produced} records processed, members: ${members}`;
        },
      },
      options,
    );
  }

  /**
   * Waits until the group has processed so many different records of the topic.
   * @throws LabError TIMED_OUT after 20 s, or INTERRUPTED
   */
  async untilProcessed(
    group: string,
    topic: Topic,
    { records, ...options }: { records: number } & WaitOptions,
  ): Promise<void> {
    this.open.require();
    const processed = () => tally(this.ledger, group, topic.name).processed;
    await until(
      this.ledger,
      {
        what: `group ${group} to process ${records} records of ${topic.name}`,
        isDone: () => processed() >= records,
        progress: () => `${processed()} records processed`,
      },
      options,
    );
  }

  /**
   * Waits until the group has committed every record that the topic still has. Its lag may be more than 0 then: of a transaction's
   * end, which is no record, or of one that is still open.
   * @throws LabError TIMED_OUT after 20 s, or INTERRUPTED
   */
  async untilCommitted(group: string, topic: Topic, options: WaitOptions = {}): Promise<void> {
    this.open.require();
    const left = () => recordsLeft(this.ledger, group, topic.name);
    await this.streamsDone(options);
    await untilConfirmed(
      this.ledger,
      () => this.logs.ask(topic.name),
      {
        what: `group ${group} to commit all of ${topic.name}`,
        isDone: () => isCommitted(this.ledger, group, topic.name),
        progress: () => `${left()} records not committed`,
      },
      options,
    );
  }

  /**
   * Waits until a member of the group is in the middle of a batch of at least `batch` records, of which it has processed
   * at least `records` and committed none.
   * @throws LabError TIMED_OUT after 20 s, or INTERRUPTED
   */
  async untilUncommitted(
    group: string,
    topic: Topic,
    { records, batch: least = 1, ...options }: { records: number; batch?: number } & WaitOptions,
  ): Promise<void> {
    this.open.require();
    const open = () => openBatches(this.ledger, group, topic.name);
    const words = () =>
      open().map(
        ({ batch, done }) => `${done} of ${batch.records} in partition ${batch.partition}`,
      );
    await until(
      this.ledger,
      {
        what: `group ${group} to have processed ${records} records of a batch of ${least} without committing`,
        isDone: () =>
          open().some(
            ({ batch, done }) => batch.records >= least && done >= records && done < batch.records,
          ),
        progress: () => words().join(', ') || 'no batch',
      },
      options,
    );
  }

  /**
   * Waits until something is so that the ledger does not know of, such as what the reader of a queue has seen.
   * @throws LabError TIMED_OUT after 20 s, or INTERRUPTED
   */
  async until(what: string, isSo: () => boolean, options: WaitOptions = {}): Promise<void> {
    this.open.require();
    await untilSo(what, isSo, options);
  }

  protected async streamsDone(options: WaitOptions): Promise<void> {
    const done = Promise.all([...this.streams].map((stream) => stream.done));
    await within(done, { what: 'the stream of records to end' }, options);
  }
}
