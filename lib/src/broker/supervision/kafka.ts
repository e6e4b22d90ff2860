import { LabError } from '../../errors.js';
import { writeWhole } from '../../processes/files.js';
import type { ProcessId } from '../../processes/processes.js';
import { type Cluster, startCluster } from '../cluster/cluster.js';
import { startKafka } from '../embedded/embedded.js';
import { usualPort } from '../embedded/usual-port.js';
import { lostKafka } from './leftover.js';
import { files } from './protocol.js';

interface StartOptions {
  signal: AbortSignal;
  /** Called when a broker of a cluster has ended by itself. The others go on. */
  onEnded: (error: LabError, broker: number) => void;
}

/** What a supervisor looks after: the one Kafka of the lab, or a notebook's cluster. */
export type Kafka = Cluster;

/**
 * Starts as many brokers as are wanted: one keeps its data for the next start, a cluster does not.
 * @throws LabError NOT_SET_UP, BROKER_FAILED, TIMED_OUT, INTERRUPTED
 */
export function startBrokers(brokers: number, options: StartOptions): Promise<Kafka> {
  return brokers === 1 ? startOne(options) : startSeveral(brokers, options);
}

async function startOne({ signal }: StartOptions): Promise<Kafka> {
  const kafka = await startKafka({
    dir: files.data(),
    logFile: files.kafkaLog(),
    usualPort: usualPort(),
    signal,
    onSpawn: (node) => note(files.kafka(), node),
  });
  const act = () => Promise.reject(alone());
  const stop = async () => void (await kafka.stop());
  return { ...kafka, lost: kafka.exited.then(lostKafka), act, stop };
}

function startSeveral(brokers: number, options: StartOptions): Promise<Kafka> {
  return startCluster({
    ...options,
    dir: files.clusterData(),
    logs: files.logs(),
    brokers,
    onSpawn: (nodeId, node) => note(files.node(nodeId), node),
  });
}

function note(path: string, { pid, start }: ProcessId): void {
  writeWhole(path, JSON.stringify({ pid, start }));
}

function alone(): LabError {
  return new LabError('BAD_INPUT', { what: 'This Kafka has one broker alone.' });
}
