import { MARK as LAB_MARK } from '../../lib/src/lab/replication/lost-records.ts';
import { installed } from '../../lib/src/paths.ts';
import { type ExecutedCell, said } from './course.ts';
import { describing, groupRows } from './kafka-tools.ts';
import type { Cell } from './notebook.ts';

/** By topic and partition, after a group or not: `shipping.05-scaling.k3f orders.05-scaling.k3f 0`. */
type ByPlace<T> = Record<string, T>;

/** What a run's ledger says: its commits just before and just after Kafka's own tool was asked. */
interface Witness {
  before: ByPlace<number>;
  after: ByPlace<number>;
  owners: ByPlace<string>;
  produced: ByPlace<number>;
  tool: string;
}

/** Bounds of a bookmark, end of the log, owner: of a partition for a group. */
export interface Account {
  place: string;
  committed: number;
  /** What the ledger says of it: `from` before the tool was asked, `to` after. */
  ledger: { from: number; to: number };
  end: number;
  produced: number;
  member: string;
  owner: string;
}

const MARK = 'WITNESS ';

/** A cell to end a notebook with: what the ledger says, and what Kafka's own tool says, of all groups of the run. */
export function witnessCell(): Cell {
  const { java } = installed();
  const source = `{
    const { execFile } = await import('node:child_process');
    const { ownership } = await import('kafka-lab');
    // Share groups have no bookmarks, and the tool knows none of them.
    const shared = new Set(lab.ledger.shares('acquired').map(({ group }) => group));
    const groups = [...new Set(lab.ledger.members().map(({ group }) => group))].filter((group) => !shared.has(group));
    const commits = () => Object.fromEntries(lab.ledger.commits()
      .map(({ group, topic, partition, offset }) => [[group, topic, partition].join(' '), offset]));
    const before = commits();
    const args = ['--bootstrap-server', lab.connection.brokers.join(), ...groups.flatMap((group) => ['--group', group])];
    const tool = await new Promise<string>((done, fail) => execFile(${JSON.stringify(java)}, [...${JSON.stringify(describing())}, ...args],
      (error, stdout) => error ? fail(error) : done(stdout)));
    const owners = Object.fromEntries(groups.flatMap((group) => ownership(lab.ledger, group)
      .filter(({ to }) => to === undefined).map(({ topic, partition, member }) => [[group, topic, partition].join(' '), member])));
    const produced: Record<string, number> = {};
    for (const { topic, partition } of lab.ledger.records('produced'))
      produced[topic + ' ' + partition] = (produced[topic + ' ' + partition] ?? 0) + 1;
    // A transaction's end has an offset and is no record: of its topic the ledger says where it ends.
    for (const topic of new Set([...lab.ledger.records('pending')].map(({ topic }) => topic)))
      for (const [partition, { end }] of lab.ledger.log(topic)) produced[topic + ' ' + partition] = end;
    // What the lab itself wrote, to read what is before it, is in the log, and nobody's: the ledger knows it once it was read.
    const marks = lab.ledger.records('delivered').filter(({ key }) => key === ${JSON.stringify(LAB_MARK)});
    for (const place of new Set(marks.map(({ topic, partition, offset }) => [topic, partition, offset].join(' ')))) {
      const [topic, partition] = place.split(' ');
      produced[topic + ' ' + partition] = (produced[topic + ' ' + partition] ?? 0) + 1;
    }
    console.log(${JSON.stringify(MARK)} + JSON.stringify({ before, after: commits(), owners, produced, tool }));
  }`;
  return {
    ...{ cell_type: 'code', id: 'the-witness', metadata: {}, outputs: [], execution_count: null },
    source,
  };
}

/** What the last cell of an executed notebook said, a partition of a group each; and where the ledger knows commits. */
export function accountsOf(cells: ExecutedCell[]): { accounts: Account[]; committedTo: string[] } {
  const text = said(cells.find(({ id }) => id === 'the-witness') as ExecutedCell);
  const { before, after, owners, produced, tool }: Witness = JSON.parse(text.split(MARK)[1] ?? '');
  const rows = [...groupRows(tool)].flatMap(([group, of]) => of.map((row) => ({ group, ...row })));
  const accounts = rows.map(({ group, topic, partition, committed, end, member }) => {
    const place = `${group} ${topic} ${partition}`;
    return {
      ...{ place, committed, end, member },
      ledger: { from: before[place] ?? Number.NaN, to: after[place] ?? Number.NaN },
      produced: produced[`${topic} ${partition}`] ?? 0,
      owner: owners[place] ?? '-',
    };
  });
  return { accounts, committedTo: Object.keys(before) };
}
