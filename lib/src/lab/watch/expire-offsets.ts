import { type Admin, Kafka, type KafkaConfig } from 'kafkajs';
import { asAdmin } from '../../admin/as-admin.js';
import type { BrokerLease } from '../../broker/index.js';
import { LabError } from '../../errors.js';
import { host } from '../../host.js';
import type { Ledger } from '../../ledger/index.js';
import { Brokers } from '../../requests/brokers.js';
import { commitShortly, type ShortCommit } from '../../requests/offset-commit.js';
import { pause } from '../../waiting.js';
import { list } from '../../words.js';
import { type WaitOptions, within } from '../waiting/wait.js';
import { recordCommitted } from './committed-offsets.js';

const LOOK_AGAIN_MS = 100;

interface Bookmarks {
  group: string;
  topic: string;
  ledger: Ledger;
  origin: BrokerLease['origin'];
}

/**
 * Commits the bookmarks of a group without members once more, to be kept for a millisecond, and waits until the broker has
 * deleted them, as it does with those that are older than `offsets.retention.minutes`. Where Kafka is not the lab's own, which
 * looks for them every second, their group is deleted instead.
 * @throws LabError BAD_INPUT if it has members, TIMED_OUT, or INTERRUPTED when the cell is interrupted
 */
export async function expireOffsets(
  connection: KafkaConfig,
  { group, topic, ledger, origin }: Bookmarks,
  options: WaitOptions,
): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, host().signal()]);
  const kafka = new Kafka({ clientId: 'lab', ...connection });
  const expired = asAdmin(kafka.admin(), async (admin) => {
    await requireNoMembers(admin, group);
    const offsets = await committedOf(admin, group, topic);
    if (origin === 'embedded') await commitBriefly(kafka, { group, topic, offsets });
    else if (offsets.size > 0) await admin.deleteGroups([group]);
    const isLeft = async () => (await committedOf(admin, group, topic)).size > 0;
    while (!signal.aborted && (await isLeft())) await pause(LOOK_AGAIN_MS, signal);
    await recordCommitted(admin, ledger, { group, member: 'lab' });
  });
  const what = `the broker to delete the expired bookmarks of ${group}`;
  await within(expired, { what }, options).finally(() => ended.abort());
}

async function requireNoMembers(admin: Admin, group: string): Promise<void> {
  const { groups } = await admin.describeGroups([group]);
  const members = groups.flatMap(({ members }) => members.map(({ clientId }) => clientId));
  if (members.length === 0) return;
  throw new LabError('BAD_INPUT', {
    what: `The bookmarks of ${group} cannot expire: it has members (${list(members)}).`,
    why: 'Kafka keeps the bookmarks of a group for as long as it has members.',
    fix: 'Disconnect its consumers first.',
  });
}

/** By partition. */
async function committedOf(
  admin: Admin,
  group: string,
  topic: string,
): Promise<Map<number, number>> {
  const [of] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const all = (of?.partitions ?? []).map((p): [number, number] => [p.partition, +p.offset]);
  return new Map(all.filter(([, offset]) => offset >= 0));
}

async function commitBriefly(kafka: Kafka, commit: Omit<ShortCommit, 'retention'>): Promise<void> {
  const brokers = new Brokers(kafka);
  await commitShortly(brokers, { ...commit, retention: 1 }).finally(() => brokers.disconnect());
}
