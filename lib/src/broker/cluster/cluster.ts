import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../errors.js';
import { installed } from '../../paths.js';
import type { Guarded } from '../../processes/guarded.js';
import { usableCache } from '../embedded/aot.js';
import { withAttempts } from '../embedded/attempts.js';
import { format, newClusterId } from '../embedded/format.js';
import { type ClassSource, requireProc } from '../embedded/java.js';
import { type SpawnedNode, spawnNode, untilReady } from '../embedded/spawn-node.js';
import { askMetadata, coordinatorIsReady } from '../wire/requests.js';
import { controllerEnded, endedUnasked } from './broker-errors.js';
import { type BrokerAction, ClusterBroker } from './cluster-broker.js';
import { clusterSettings, isBroker, type Place, places } from './layout.js';

export interface ClusterOptions {
  /** Its data. What an earlier cluster has left there is removed first. */
  dir: string;
  /** The folder of its logs. */
  logs: string;
  /** How many brokers. */
  brokers: number;
  signal?: AbortSignal | undefined;
  /** Called with every process that is started, long before it answers. */
  onSpawn: (nodeId: number, node: Guarded) => void;
  /** Called when a broker has ended by itself. The cluster goes on. */
  onEnded: (error: LabError, broker: number) => void;
}

/** A Kafka of several brokers and a controller, each a process of its own. */
export interface Cluster {
  /** The addresses of all its brokers, dead or alive. */
  readonly brokers: string[];
  /** The controller's. */
  readonly pid: number;
  readonly version: string;
  /** Resolves when it is over, with the reason. */
  readonly lost: Promise<LabError>;
  /** @throws what ClusterBroker.act throws */
  act(broker: number, action: BrokerAction): Promise<void>;
  /** Ends all its processes, and removes its data. */
  stop(): Promise<void>;
}

/** How long all of them may take to answer, in ms. */
const LIMIT = 90_000;

/**
 * Starts a cluster on a folder of its own: one that was there before is forgotten. It ends when this process does.
 * @throws LabError NOT_SET_UP, BROKER_FAILED, TIMED_OUT, INTERRUPTED; nothing of it is left then
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { kafkaVersion: version } = installed();
  requireProc();
  return withAttempts(usableCache(), async ({ source }) => {
    const cluster = new Nodes(options, await formatted(options), source);
    try {
      return await cluster.start(version);
    } catch (error) {
      await cluster.end();
      throw error;
    }
  });
}

/** The nodes on folders that are empty but for what every new cluster begins with. */
async function formatted({ dir, logs, brokers }: ClusterOptions): Promise<Formatted> {
  rmSync(dir, { recursive: true, force: true });
  const clusterId = newClusterId();
  const nodes = await places(dir, logs, brokers);
  for (const node of nodes) format(join(node.dir, 'log'), { nodeId: node.nodeId, clusterId });
  return { clusterId, nodes };
}

interface Formatted {
  clusterId: string;
  nodes: Place[];
}

class Nodes {
  readonly #members: readonly Member[];
  readonly #controller: Place;
  #process: Guarded | undefined;
  #hasStarted = false;

  constructor(
    private readonly options: ClusterOptions,
    private readonly formatted: Formatted,
    private readonly source: ClassSource,
  ) {
    this.#controller = formatted.nodes.find((node) => !isBroker(node)) as Place;
    this.#members = formatted.nodes.filter(isBroker).map((place) => this.#member(place));
  }

  async start(version: string): Promise<Cluster> {
    const { signal } = this.options;
    const spawned = [await this.#spawn(this.#controller)];
    const { node } = spawned[0] as SpawnedNode;
    this.#process = node;
    for (const { broker } of this.#members) spawned.push(await broker.spawn());
    await untilReady(spawned, { isReady: () => this.#isReady(), limit: LIMIT, signal });
    this.#hasStarted = true;
    return {
      brokers: this.#members.map(({ place }) => `127.0.0.1:${place.ports.broker}`),
      pid: node.pid,
      version,
      lost: node.exited.then((exit) => controllerEnded(this.#controller, exit)),
      act: (broker, action) => this.#brokerOf(broker).act(action),
      stop: () => this.end(),
    };
  }

  async end(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await Promise.all(this.#members.map(({ broker }) => broker.end()));
    await this.#process?.exited;
    rmSync(this.options.dir, { recursive: true, force: true });
  }

  #member(place: Place): Member {
    const broker = new ClusterBroker(place.nodeId, {
      spawn: () => this.#spawn(place),
      isPartOfCluster: () => this.#isKnown(place.nodeId),
      onUnasked: (exit) => {
        if (this.#hasStarted) this.options.onEnded(endedUnasked(place, exit), place.nodeId);
      },
    });
    return { place, broker };
  }

  async #spawn(place: Place): Promise<SpawnedNode> {
    const { nodeId, ports } = this.#controller;
    const { brokers } = this.options;
    const voters = [{ nodeId, controllerPort: ports.controller }];
    const settings = clusterSettings(place.nodeId);
    const spawned = await spawnNode({ ...place, voters, brokers, settings, source: this.source });
    this.options.onSpawn(place.nodeId, spawned.node);
    return spawned;
  }

  /** Whether all brokers know of one another, and one of them can take members of groups. */
  async #isReady(): Promise<boolean> {
    const known = await Promise.all(this.#members.map(({ place }) => this.#isKnown(place.nodeId)));
    if (known.includes(false)) return false;
    const ports = this.#members.map(({ place }) => place.ports.broker);
    return (await Promise.all(ports.map((port) => coordinatorIsReady(port)))).includes(true);
  }

  /** Whether each broker that runs answers, that one among them, and counts it as one that serves clients. */
  async #isKnown(nodeId: number): Promise<boolean> {
    const running = this.#members.filter(({ broker }) => broker.isRunning);
    const answers = await Promise.all(running.map(({ place }) => askMetadata(place.ports.broker)));
    return answers.every((answer) => {
      const isOurs = answer?.clusterId === this.formatted.clusterId;
      return isOurs && answer.nodeIds.includes(nodeId);
    });
  }

  #brokerOf(nodeId: number): ClusterBroker {
    const found = this.#members.find(({ place }) => place.nodeId === nodeId);
    if (found) return found.broker;
    const ids = this.#members.map(({ place }) => place.nodeId);
    throw new LabError('BAD_INPUT', {
      what: `There is no broker ${nodeId}.`,
      why: `The brokers of this cluster are ${ids.join(', ')}.`,
    });
  }
}

interface Member {
  place: Place;
  broker: ClusterBroker;
}
