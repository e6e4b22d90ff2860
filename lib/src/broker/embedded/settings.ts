import { segmentBytes } from '../config/retention-bytes.js';

/** Where one node listens; both on 127.0.0.1. */
export interface Ports {
  broker: number;
  controller: number;
}

export type Role = 'broker' | 'controller';

export interface NodeSettings {
  nodeId: number;
  /** Both unless given. */
  roles?: readonly Role[];
  ports: Ports;
  /** Kafka's own files. */
  logDir: string;
  /** Every controller of the cluster. */
  voters: readonly { nodeId: number; controllerPort: number }[];
  /** How many brokers the cluster has: as many as controllers unless given. */
  brokers?: number;
  /** What each partition keeps, in bytes; -1, as in Kafka, for no bound. */
  retentionBytes?: number;
  /** Whether it ran on these files before, and did not end in order. */
  wasKilled?: boolean;
}

/** The settings of one node, each with the reason why it is not Kafka's default. */
export function serverSettings({
  nodeId,
  roles = ['broker', 'controller'],
  ports,
  logDir,
  voters,
  brokers = voters.length,
  retentionBytes = -1,
  wasKilled = false,
}: NodeSettings): Record<string, string> {
  const copies = String(Math.min(3, brokers));
  return {
    'process.roles': roles.join(','),
    'node.id': String(nodeId),
    'controller.quorum.voters': voters
      .map((voter) => `${voter.nodeId}@127.0.0.1:${voter.controllerPort}`)
      .join(','),
    ...listeners(roles, ports),
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': logDir,
    ...bounded(retentionBytes),
    ...replication(copies),
    ...quickLessons,
    ...(wasKilled && afterKill),
    ...smallMachine,
  };
}

/** Reachable from this machine only: there is no password. */
function listeners(roles: readonly Role[], ports: Ports): Record<string, string> {
  const broker = `PLAINTEXT://127.0.0.1:${ports.broker}`;
  const controller = `CONTROLLER://127.0.0.1:${ports.controller}`;
  // A controller alone must not name what it does not listen on.
  if (!roles.includes('broker')) return { listeners: controller };
  return {
    listeners: roles.includes('controller') ? `${broker},${controller}` : broker,
    'advertised.listeners': broker,
    'inter.broker.listener.name': 'PLAINTEXT',
  };
}

function bounded(retention: number): Record<string, string> {
  const segment = segmentBytes(retention);
  return {
    'log.retention.bytes': String(retention),
    ...(segment && { 'log.segment.bytes': String(segment) }),
  };
}

function replication(copies: string): Record<string, string> {
  const quorum = copies === '3' ? '2' : '1';
  return {
    // Kafka's own topics cannot have more copies than there are brokers.
    'default.replication.factor': '1',
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': quorum,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': quorum,
  };
}

const quickLessons = {
  // A misspelt topic is an error, not a new topic.
  'auto.create.topics.enable': 'false',
  // A group's first member starts at once instead of waiting 3 s for others.
  'group.initial.rebalance.delay.ms': '0',
  // Lets a lesson notice a crashed consumer after 1 s (default: 6 s at least).
  'group.min.session.timeout.ms': '1000',
  // The same for groups of the new protocol (KIP-848), whose times are the broker's: members hear of a rebalance within
  // a quarter of a second (default: 5 s), and who has vanished is noticed after 4 s (default: 45 s).
  'group.consumer.min.heartbeat.interval.ms': '250',
  'group.consumer.heartbeat.interval.ms': '250',
  'group.consumer.min.session.timeout.ms': '4000',
  'group.consumer.session.timeout.ms': '4000',
  // And for share groups (KIP-932), whose records can be had for a second at a time (default: 15 s at least).
  'group.share.min.heartbeat.interval.ms': '250',
  'group.share.heartbeat.interval.ms': '250',
  'group.share.min.session.timeout.ms': '4000',
  'group.share.session.timeout.ms': '4000',
  'group.share.min.record.lock.duration.ms': '1000',
  // Retention and compaction can be watched: look four times a second, begin half a second after the start (not
  // every 5 min, after 30 s).
  'log.retention.check.interval.ms': '250',
  'log.initial.task.delay.ms': '500',
  'log.segment.delete.delay.ms': '500',
  // Bookmarks that are to expire at once do so within a second, not within ten minutes.
  'offsets.retention.check.interval.ms': '1000',
  'log.cleaner.backoff.ms': '1000',
  // A transaction left open is aborted half a second after its time, not ten seconds.
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '500',
};

/** The controller lets a node back when its old session is over: after 1.5 s, not 9. A JVM that stands still outlasts the 9. */
const afterKill = {
  'broker.session.timeout.ms': '1500',
  'broker.heartbeat.interval.ms': '300',
};

const smallMachine = {
  // One partition each is quicker to create and to load than 50.
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.num.partitions': '1',
  'share.coordinator.state.topic.num.partitions': '1',
  // The log cleaner claims this at the start (default 128 MiB): 8 MiB compact 300,000 keys in one pass.
  'log.cleaner.dedupe.buffer.size': String(8 * 1024 * 1024),
  // Nobody looks at its metrics through JMX, and they are registered one by one as it starts: a tenth of its time.
  'metric.reporters': '',
  'metrics.jmx.exclude': '.*',
  // Threads for a handful of clients.
  'num.network.threads': '2',
  'num.io.threads': '4',
  'background.threads': '4',
};

/** The text of a .properties file. */
export function propertiesText(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${escape(value)}\n`)
    .join('');
}

/** Java reads these files as ISO 8859-1 with \uXXXX for the rest; a backslash begins an escape. */
function escape(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replace(/^ /, '\\ ')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
