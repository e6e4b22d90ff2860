import type { Kafka } from 'kafkajs';
import { asAdmin } from '../../admin/as-admin.js';
import type { Ledger } from '../../ledger/index.js';
import { pause, withDeadline } from '../../waiting.js';
import type { Logs } from '../waiting/logs.js';
import type { Ends, Moved } from '../waiting/transaction-facts.js';
import { recordCommitted } from './committed-offsets.js';

const LIMIT_MS = 3000;
const LOOK_AGAIN_MS = 10;

/** Looks at the end of transactions on the broker: their markers come a little later than its answer. */
export function transactionEnds(admins: Kafka['admin'], logs: Logs, ledger: Ledger): Ends {
  const newest = new Newest();
  return {
    inLogs: (touched) => logs.untilEnded(touched),
    inGroups: async (moved, isCommitted) => {
      const groups = [...new Set(moved.map(({ group }) => group))];
      if (groups.length === 0) return;
      const expected = isCommitted ? newest.of(moved) : [];
      const ended = new AbortController();
      const looked = asAdmin(admins(), async (admin) => {
        await untilShown(admin, expected, ended.signal);
        const member = moved[0]?.member as string;
        for (const group of groups) await recordCommitted(admin, ledger, { group, member });
      }).catch(() => undefined);
      await withDeadline(looked, { ms: LIMIT_MS, late: () => ended.abort() });
    },
  };
}

/** When the bookmarks that Kafka keeps were handed in. */
class Newest {
  private readonly times = new Map<string, number>();

  /** Those of a committed transaction that Kafka is going to show: not those in whose place a later one was committed before. */
  of(moved: readonly Moved[]): Moved[] {
    return moved.filter(({ group, topic, partition, handedIn }) => {
      const place = `${group} ${topic} ${partition}`;
      if (handedIn < (this.times.get(place) ?? 0)) return false;
      this.times.set(place, handedIn);
      return true;
    });
  }
}

type Admin = ReturnType<Kafka['admin']>;

async function untilShown(admin: Admin, moved: readonly Moved[], signal: AbortSignal) {
  const places = [...new Map(moved.map((to) => [`${to.group} ${to.topic}`, to])).values()];
  for (const { group, topic } of places) {
    const own = moved.filter((to) => to.group === group && to.topic === topic);
    const wanted = new Map(own.map(({ partition, offset }) => [partition, offset]));
    const isShown = async () => {
      const [answer] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      const offsets = answer?.partitions ?? [];
      const shown = ({ partition, offset }: { partition: number; offset: string }) =>
        Number(offset) === (wanted.get(partition) ?? Number(offset));
      return offsets.every(shown);
    };
    while (!signal.aborted && !(await isShown())) await pause(LOOK_AGAIN_MS, signal);
  }
}
