import {
  account,
  assignment,
  delays,
  deliveries,
  drain,
  gaps,
  idleness,
  type Ledger,
  lagNow,
  lagOverTime,
  logFates,
  outages,
  ownership,
  pauses,
  positions,
  recordsLeft,
  replicaSpans,
  rewinds,
  tally,
  uncommitted,
  versions,
  workOf,
} from '../../lib/src/ledger/index.ts';
import { chartsOf } from './all-charts.ts';

const RECORDS = ['produced', 'pending', 'aborted', 'delivered', 'processed', 'failed'] as const;
const SHARES = [
  ...(['acquired', 'accepted', 'released', 'rejected', 'renewed', 'lock expired'] as const),
];
const OTHERS = ['committed', 'deleted', 'expired', 'fetched', 'lost'] as const;
const KINDS = [...RECORDS, ...SHARES, ...OTHERS];

/** Everything that a ledger answers about topics and a group. */
export function answersOf(ledger: Ledger, topics: readonly string[], group: string): unknown {
  return {
    keptFrom: ledger.keptFrom,
    members: ledger.members(),
    brokers: ledger.brokers(),
    queues: topics.map((queue) => [ledger.queue(queue), workOf(ledger, { queue })]),
    topics: ledger.topics,
    trails: KINDS.flatMap((kind) =>
      ledger.trailsOf(kind).map((trail) => [kind, trailOf(kind, trail)]),
    ),
    of: topics.map((topic) => aboutTopic(ledger, topic, group)),
  };
}

function trailOf(kind: (typeof KINDS)[number], trail: ReturnType<Ledger['trail']>): unknown {
  const { group, topic, length, forgotten, forgottenParts, forgottenMembers } = trail;
  const { first, last, total, byMember, distinct } = trail;
  const rows = Array.from({ length }, (_, i) => [
    ...[trail.time(i), trail.offset(i), trail.partition(i), trail.member(i)],
    isKeyed(kind) ? trail.key(i) : trail.value(i),
  ]);
  const parts = trail.partitions().map((partition) => {
    const counts = trail.offsets(partition);
    const { distinct, repeated, lowest, highest } = counts;
    const sums = { distinct, repeated, lowest, highest };
    const newest = [trail.newest(partition), trail.newestTime(partition)];
    return [partition, [...counts.entries()], sums, newest];
  });
  const old = { forgotten, forgottenParts: [...forgottenParts], forgottenMembers };
  return { group, topic, rows, parts, ...old, first, last, total, byMember, distinct };
}

/** The number of a key is the ledger's own affair. */
function isKeyed(kind: string): boolean {
  return kind === 'lost' || RECORDS.some((each) => each === kind);
}

function aboutTopic(ledger: Ledger, topic: string, group: string): unknown {
  const logs = [...ledger.log(topic)].map(([partition, log]) => {
    const { start, stable, end, hasGaps, isPlain } = log;
    const places = Array.from({ length: end }, (_, i) => [log.emptyAt(i), log.isAbortedAt(i)]);
    return { partition, start, stable, end, hasGaps, isPlain, places, told: [...log.told()] };
  });
  const fateOf = logFates(ledger, topic);
  const fates = logs.map(({ partition, end }) =>
    Array.from({ length: end }, (_, i) => fateOf(partition, i)),
  );
  return {
    ...{ logs, fates },
    previews: logs.map(({ partition, end }) =>
      Array.from({ length: end }, (_, offset) => ledger.preview({ topic, partition, offset })),
    ),
    keys: RECORDS.map((kind) => ledger.records(kind, { topic })),
    shares: SHARES.map((kind) => ledger.shares(kind, { topic })),
    facts: [ledger.commits({ topic }), ledger.batches({ topic }), ledger.replicas(topic)],
    doubts: [ledger.inDoubt(topic), ledger.refused(topic), ledger.unanswered(topic)],
    analyses: analysesOf(ledger, topic, group),
    charts: chartsOf(ledger, { topic, group }),
  };
}

function analysesOf(ledger: Ledger, topic: string, group: string): unknown {
  return {
    lag: [lagNow(ledger, group, topic), lagOverTime(ledger, group, topic)],
    tally: tally(ledger, group, topic),
    account: account(ledger, group, topic),
    positions: positions(ledger, group, topic),
    owners: [assignment(ledger, group), ownership(ledger, group), gaps(ownership(ledger, group))],
    absent: [outages(ledger, group), idleness(ledger, group), pauses(ledger, group, topic)],
    left: [uncommitted(ledger, group, topic), recordsLeft(ledger, group, topic)],
    rates: [drain(ledger, group, topic), delays(ledger, group, topic, { from: 0, to: Infinity })],
    deliveries: deliveries(ledger, group, topic),
    work: workOf(ledger, { topic, group }),
    moved: rewinds(ledger, group, topic),
    versions: versions(ledger, topic),
    replicas: replicaSpans(ledger, topic),
  };
}
