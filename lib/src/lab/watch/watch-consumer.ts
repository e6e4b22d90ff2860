import type { Consumer, ConsumerConfig } from 'kafkajs';
import { LabError, messageOf } from '../../errors.js';
import { host } from '../../host.js';
import { type MemberFact, now, type Recorder } from '../../ledger/index.js';
import '../codecs/register.js';
import '../kafkajs/checksums.js';
import { onConnections, withCluster } from '../kafkajs/clusters.js';
import { cannotReadOn, damageMet } from '../kafkajs/damaged-records.js';
import { fetchListeners } from '../kafkajs/fetches.js';
import '../kafkajs/timers.js';
import { FetchedLogs } from './fetched-logs.js';
import { ExpectedErrors } from './handler-errors.js';
import { onTopics } from './missing-topic.js';
import { recordProcessing } from './watch-handlers.js';

/** A consumer under watch. `name` is its client id, known once it is connected. */
export interface WatchedConsumer {
  consumer: Consumer;
  groupId: string;
  name: string;
  /** Told the client id once the consumer is connected, and waited for. */
  onConnected: (clientId: string) => Promise<void>;
  /** Told when it has committed something that kafkajs does not tell of: where it sought to, or where the log begins. */
  onSilentCommit: () => void;
}

/** Makes a consumer by `create` that records joins, assignments, deliveries, processing and commits. */
export function watchConsumer(
  create: (config: ConsumerConfig) => Consumer,
  config: ConsumerConfig,
  recorder: Recorder,
  expected = new ExpectedErrors(),
): WatchedConsumer {
  const { consumer, cluster } = withCluster(create, config);
  const watched: WatchedConsumer = {
    consumer,
    groupId: config.groupId,
    name: 'consumer',
    onConnected: async () => {},
    onSilentCommit: () => {},
  };
  nameItself(watched);
  explainMissingTopic(consumer);
  recordMembership(watched, recorder, expected);
  recordBatches(watched, recorder);
  recordCommits(watched, recorder);
  noticeSilentCommits(watched);
  recordProcessing(watched, recorder, expected);
  const logs = new FetchedLogs(recorder, watched);
  if (cluster) onConnections(cluster, (pool) => void fetchListeners.set(pool, logs.take));
  return watched;
}

/** The client id is hidden in kafkajs, but every request tells it. */
function nameItself(watched: WatchedConsumer): void {
  const { consumer } = watched;
  let clientId = watched.name;
  consumer.on(consumer.events.REQUEST, ({ payload }) => {
    clientId = payload.clientId;
  });
  const { connect } = consumer;
  consumer.connect = async () => {
    await connect();
    watched.name = clientId;
    await watched.onConnected(clientId);
  };
}

/** Of several consumers of one client id and group, the second one is called `a (2)`. */
export function tellApart(watched: WatchedConsumer, others: readonly WatchedConsumer[]): void {
  const isTwin = ({ name, groupId }: WatchedConsumer) =>
    name === watched.name && groupId === watched.groupId;
  const twins = others.filter(isTwin).length;
  if (twins > 0) watched.name = `${watched.name} (${twins + 1})`;
}

function explainMissingTopic(consumer: Consumer): void {
  const { subscribe } = consumer;
  consumer.subscribe = (subscription) => {
    const topics = 'topics' in subscription ? subscription.topics : [subscription.topic];
    return onTopics(topics, () => subscribe(subscription));
  };
}

function recordMembership(
  watched: WatchedConsumer,
  recorder: Recorder,
  expected: ExpectedErrors,
): void {
  const { consumer, groupId: group } = watched;
  const { events } = consumer;
  const note = (kind: 'joining' | 'rebalancing' | 'left') =>
    recorder.record({ kind, time: now(), group, member: watched.name });
  let isMember = false;
  consumer.on(events.GROUP_JOIN, ({ payload }) => {
    isMember = true;
    const fact: MemberFact = {
      kind: 'joined',
      time: now(),
      group,
      member: watched.name,
      memberId: payload.memberId,
      assignment: payload.memberAssignment,
      assigner: payload.groupProtocol,
    };
    learnGeneration(consumer, fact);
    recorder.record(fact);
  });
  consumer.on(events.REBALANCING, () => note('rebalancing'));
  consumer.on(events.STOP, () => {
    if (isMember) note('left');
    isMember = false;
  });
  consumer.on(events.CRASH, ({ payload: { error, restart } }) => {
    const reason = messageOf(error);
    recorder.record({ kind: 'crashed', time: now(), group, member: watched.name, reason });
    if (!restart && !expected.has(group, error)) host().fail(crashed(watched, error));
  });
}

/** GROUP_JOIN does not tell the generation; the first heartbeat or commit of the member after it does. */
function learnGeneration(consumer: Consumer, joined: MemberFact): void {
  const { HEARTBEAT, COMMIT_OFFSETS, GROUP_JOIN } = consumer.events;
  type Identified = { payload: { memberId: string; groupGenerationId: number } };
  const learn = ({ payload: { memberId, groupGenerationId } }: Identified) => {
    if (memberId === joined.memberId) joined.generation ??= groupGenerationId;
    forget();
  };
  const stop = [
    consumer.on(HEARTBEAT, learn),
    consumer.on(COMMIT_OFFSETS, learn),
    // Too late: what comes from now on is of the next one.
    consumer.on(GROUP_JOIN, () => forget()),
  ];
  const forget = () => {
    for (const off of stop) off();
  };
}

function recordBatches(watched: WatchedConsumer, recorder: Recorder): void {
  const { consumer, groupId: group } = watched;
  consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload }) => {
    const { topic, partition, firstOffset, batchSize: records } = payload;
    if (records === 0) return;
    const place = { topic, partition, offset: Number(firstOffset), records };
    recorder.record({ kind: 'fetched', time: now(), group, member: watched.name, ...place });
  });
}

function recordCommits(watched: WatchedConsumer, recorder: Recorder): void {
  const { consumer, groupId: group } = watched;
  consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
    const by = { time: now(), group, member: watched.name };
    for (const { topic, partitions } of payload.topics) {
      for (const { partition, offset } of partitions) {
        const place = { topic, partition: Number(partition), offset: Number(offset) };
        recorder.record({ kind: 'committed', ...by, ...place });
      }
    }
  });
}

/** A request to commit that no event follows. */
function noticeSilentCommits(watched: WatchedConsumer): void {
  const { consumer } = watched;
  let committed = 0;
  consumer.on(consumer.events.COMMIT_OFFSETS, () => void committed++);
  consumer.on(consumer.events.REQUEST, ({ payload }) => {
    if (payload.apiName !== 'OffsetCommit') return;
    const before = committed;
    // The event comes with the same answer of the broker, before anything else does.
    setImmediate(() => {
      if (committed === before) watched.onSilentCommit();
    });
  });
}

function crashed({ name, groupId }: WatchedConsumer, cause: Error): LabError {
  const who = `Consumer ${name} of group ${groupId}`;
  const damage = damageMet(cause);
  if (damage) return cannotReadOn(who, damage);
  return new LabError('CONSUMER_CRASHED', {
    what: `${who} crashed: ${cause.message}`,
    why: 'kafkajs gave up; this consumer has stopped reading.',
    fix: 'Correct its handler or its settings, and run its cell again.',
    cause,
  });
}
