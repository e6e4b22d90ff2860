import {
  type Cluster,
  type Consumer,
  type ConsumerConfig,
  type ISocketFactory,
  PartitionAssigners,
} from 'kafkajs';

/** What kafkajs 2.2.4 makes a client's connections with: not in its types. */
export interface Connections extends Cluster {
  connectionPoolBuilder: { build(to?: object): Promise<ConnectionPool> };
}

interface ConnectionPool {
  pool: { socketFactory: ISocketFactory }[];
}

/**
 * Makes a consumer, and finds its cluster: kafkajs hands that to each assigner, and to nobody else. AsyncLocalStorage would tell which
 * consumer opens a socket, too, but makes each promise of the process cost more: half as much again for a record.
 */
export function withCluster(
  create: (config: ConsumerConfig) => Consumer,
  config: ConsumerConfig,
): { consumer: Consumer; cluster: Connections | undefined } {
  let cluster: Cluster | undefined;
  const assigners = config.partitionAssigners ?? [PartitionAssigners.roundRobin];
  const partitionAssigners = assigners.map((createAssigner): typeof createAssigner => (given) => {
    cluster = given.cluster;
    return createAssigner(given);
  });
  const consumer = create({ ...config, partitionAssigners });
  return { consumer, cluster: cluster as Connections | undefined };
}

/** Calls `see` with the connections to each broker before they are used. */
export function onConnections(
  { connectionPoolBuilder: builder }: Connections,
  see: (connections: ConnectionPool) => void,
): void {
  const build = builder.build.bind(builder);
  builder.build = async (to) => {
    const connections = await build(to);
    see(connections);
    return connections;
  };
}
