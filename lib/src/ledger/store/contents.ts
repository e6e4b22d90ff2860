import type { Trail } from '../trails/trail.js';
import type { ClusterFacts } from './cluster-facts.js';
import type { Doubtful } from './doubtful.js';
import { batchAt, commitAt, lossAt, placeAt, recordAt, shareAt } from './fact-rows.js';
import type { Fact, MemberFact, ShareKind } from './facts.js';
import type { Logs } from './logs.js';
import type { Previews } from './previews.js';
import type { QueueFacts } from './queue-facts.js';
import type { Content, Place, Sum } from './sums.js';
import type { TrailKind, Trails } from './trails.js';

/** What a ledger consists of. */
export interface Parts {
  trails: Trails;
  logs: Logs;
  previews: Previews;
  doubtful: Doubtful;
  cluster: ClusterFacts;
  queueFacts: QueueFacts;
  memberFacts: readonly MemberFact[];
}

/** All that a ledger holds: sums of what it has forgotten, then facts in order of time, then how values begin. */
export function* contentsOf(parts: Parts): Generator<Content> {
  const { trails, logs, previews, doubtful } = parts;
  for (const member of trails.names.members) yield { kind: 'member', member };
  for (const [kind, trail] of trails) yield* sumsOf(kind, trail);
  yield* doubtful;
  for (const { topic, partition, log } of logs) {
    const { start, hadRecords } = log.told;
    yield { kind: 'partition', topic, partition, start, hadRecords };
    for (const told of log.told) yield { kind: 'told', topic, partition, ...told };
    for (const are of ['markers', 'aborted', 'compacted'] as const)
      for (const range of log[are]) yield { kind: 'places', are, topic, partition, ...range };
  }
  yield* inOrder(sourcesOf(parts));
  for (const value of previews) yield { kind: 'value', ...value };
}

function* sumsOf(of: TrailKind, trail: Trail): Generator<Sum> {
  const { group, topic } = trail;
  yield { kind: 'trail', of, group, topic };
  for (const [partition, sum] of trail.forgottenParts) {
    const place = { of, group, topic, partition };
    yield { kind: 'forgotten', ...place, first: trail.first ?? 0, ...sum };
    for (const run of forgottenCounts(trail, partition))
      yield { kind: 'counted', ...place, ...run };
  }
  for (const [member, sum] of trail.forgottenMembers)
    yield { kind: 'forgotten of', of, group, topic, member, ...sum };
}

interface Run {
  from: number;
  to: number;
  times: number;
}

/** How often something happened to each offset, without the facts that are kept; neighbours of which that is equal together. */
function* forgottenCounts(trail: Trail, partition: number): Generator<Run> {
  const kept = new Map<number, number>();
  for (let i = 0; i < trail.length; i++)
    if (trail.partition(i) === partition)
      kept.set(trail.offset(i), (kept.get(trail.offset(i)) ?? 0) + 1);
  let run: Run | undefined;
  for (const [offset, all] of trail.offsets(partition).entries()) {
    const times = all - (kept.get(offset) ?? 0);
    if (times <= 0) continue;
    if (run?.to === offset && run.times === times) run.to++;
    else {
      if (run) yield run;
      run = { from: offset, to: offset + 1, times };
    }
  }
  if (run) yield run;
}

/** Facts in order of time, read by index. */
interface Source {
  length: number;
  time(i: number): number;
  at(i: number): Content;
}

function sourcesOf({ trails, cluster, queueFacts, memberFacts }: Parts): Source[] {
  const { allReplicas, brokers } = cluster;
  const lists: (readonly Fact[])[] = [memberFacts, allReplicas, brokers, queueFacts.all];
  return [
    ...lists.map((facts) => ({
      length: facts.length,
      time: (i: number) => (facts[i] as Fact).time,
      at: (i: number) => facts[i] as Fact,
    })),
    ...[...trails].map(([kind, trail]) => ({
      length: trail.length,
      time: (i: number) => trail.time(i),
      at: (i: number) => rowAt(kind, trail, i),
    })),
  ];
}

function rowAt(kind: TrailKind, trail: Trail, i: number): Content {
  if (kind === 'committed') return commitAt(trail, i);
  if (kind === 'fetched') return batchAt(trail, i);
  if (kind === 'lost') return lossAt(trail, i);
  if (kind === 'deleted' || kind === 'expired') return { kind, ...placeAt(trail, i), group: '' };
  if (isOfShares(kind)) return shareAt(kind)(trail, i);
  return recordAt(kind)(trail, i);
}

function isOfShares(kind: TrailKind): kind is ShareKind {
  return ['acquired', 'accepted', 'released', 'rejected', 'renewed', 'lock expired'].includes(kind);
}

/** Of several that have one for the same moment, the first goes first. */
function* inOrder(sources: readonly Source[]): Generator<Content> {
  let left = sources.filter(({ length }) => length > 0).map((source) => ({ source, next: 0 }));
  while (left.length > 0) {
    const timeOf = ({ source, next }: (typeof left)[number]) => source.time(next);
    const first = left.reduce((a, b) => (timeOf(b) < timeOf(a) ? b : a));
    yield first.source.at(first.next++);
    if (first.next === first.source.length) left = left.filter((one) => one !== first);
  }
}

const SUMS: Record<Sum['kind'], true> = {
  ...{ member: true, trail: true, forgotten: true, 'forgotten of': true, counted: true },
  ...{ partition: true, told: true, places: true, value: true },
  ...{ doubtful: true, 'never appended': true, 'was refused': true },
  ...{ 'more doubtful': true, 'more refused': true },
};

export function isSum(content: { kind: string }): content is Sum {
  return Object.hasOwn(SUMS, content.kind);
}

/** Takes a sum from the contents of another ledger. */
export function takeSum({ trails, logs, previews, doubtful }: Parts, sum: Sum): void {
  const trailOf = ({ of, group, topic }: { of: TrailKind; group: string; topic: string }) =>
    trails.forWriting(of, group, topic);
  const toldOf = ({ topic, partition }: Place) => logs.forWriting(topic, partition);
  if (sum.kind === 'member') trails.names.members.numberOf(sum.member);
  else if (sum.kind === 'trail') trailOf(sum);
  else if (sum.kind === 'forgotten') {
    const { count, highest, offset, time } = sum;
    trailOf(sum).takeForgotten(sum.partition, sum.first, { count, highest, offset, time });
  } else if (sum.kind === 'forgotten of')
    trailOf(sum).takeForgottenOf(sum.member, { count: sum.count, last: sum.last });
  else if (sum.kind === 'counted')
    trailOf(sum).part(sum.partition).counts.addRange(sum.from, sum.to, sum.times);
  else if (sum.kind === 'told') toldOf(sum).told.add(sum);
  else if (sum.kind === 'partition') toldOf(sum).told.begin(sum);
  else if (sum.kind === 'places') toldOf(sum)[sum.are].add(sum);
  else if (sum.kind === 'value') previews.take(sum);
  else doubtful.takeKept(sum);
}
