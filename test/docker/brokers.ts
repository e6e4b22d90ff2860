import {
  GenericContainer,
  getContainerRuntimeClient,
  Network,
  type StartedNetwork,
  type StartedTestContainer,
  Wait,
} from 'testcontainers';
import { freePorts } from '../support/ports.ts';

const IMAGE = 'apache/kafka:4.3.1';
const CLUSTER_ID = 'a2Fma2EtbGFiLXRlc3RzIQ';

/** Brokers in containers, each on a port of 127.0.0.1 that it keeps when it is killed and started again. */
export class Brokers {
  private constructor(
    private readonly network: StartedNetwork,
    private readonly containers: StartedTestContainer[],
    readonly addresses: string[],
  ) {}

  static async start(count: 1 | 3): Promise<Brokers> {
    const ports = await freePorts(count);
    const network = await new Network().start();
    const starting = ports.map((_, i) => broker(i + 1, ports, network).start());
    const started = await Promise.allSettled(starting);
    const containers = started.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    const addresses = ports.map((port) => `127.0.0.1:${port}`);
    const brokers = new Brokers(network, containers, addresses);
    if (containers.length === count) return brokers;
    await brokers.stop();
    throw await Promise.all(starting).catch((error: unknown) => error);
  }

  /** SIGKILL to a broker, by its node id (from 1). */
  async kill(nodeId: number): Promise<void> {
    await (await this.container(nodeId)).kill({ signal: 'SIGKILL' });
  }

  /** Starts a killed broker again, on its data and its port. */
  async restart(nodeId: number): Promise<void> {
    await (await this.container(nodeId)).start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.containers.map((one) => one.stop({ timeout: 10_000 })));
    await this.network.stop();
  }

  private async container(nodeId: number) {
    const { container } = await getContainerRuntimeClient();
    return container.getById((this.containers[nodeId - 1] as StartedTestContainer).getId());
  }
}

function broker(nodeId: number, ports: number[], network: StartedNetwork): GenericContainer {
  const nodes = ports.map((_, i) => i + 1);
  const copies = String(ports.length);
  return new GenericContainer(IMAGE)
    .withNetwork(network)
    .withHostname(`broker-${nodeId}`)
    .withNetworkAliases(`broker-${nodeId}`)
    .withExposedPorts({ container: 9092, host: ports[nodeId - 1] as number })
    .withEnvironment({
      KAFKA_NODE_ID: String(nodeId),
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: nodes.map((n) => `${n}@broker-${n}:9093`).join(','),
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'INTERNAL',
      KAFKA_LISTENERS: 'INTERNAL://:29092,CONTROLLER://:9093,EXTERNAL://:9092',
      KAFKA_ADVERTISED_LISTENERS: `INTERNAL://broker-${nodeId}:29092,EXTERNAL://127.0.0.1:${ports[nodeId - 1]}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP:
        'INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT,EXTERNAL:PLAINTEXT',
      KAFKA_LOG_DIRS: '/var/lib/kafka/data',
      CLUSTER_ID,
      KAFKA_HEAP_OPTS: '-Xms128m -Xmx256m',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '2',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: copies,
      KAFKA_DEFAULT_REPLICATION_FACTOR: copies,
      KAFKA_MIN_INSYNC_REPLICAS: ports.length > 1 ? '2' : '1',
      KAFKA_BROKER_SESSION_TIMEOUT_MS: '3000',
      KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: '500',
    })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .withStartupTimeout(120_000);
}
