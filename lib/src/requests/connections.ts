import type { Connection, ConnectionPool } from './exchange.js';

/** What is used of kafkajs's inside, version 2.2.4: who makes the connections of a client. */
interface Connecting {
  connectionPoolBuilder: { build(to?: object): Promise<ConnectionPool> };
}

/** Mends the connections of a client where brokers come and go. Returns the same one. */
export function mended<C extends Connecting>(cluster: C): C {
  const { connectionPoolBuilder: builder } = cluster;
  const build = builder.build;
  builder.build = async (to) => {
    const pool = await build.call(builder, to);
    for (const connection of pool.pool) {
      connectOnce(connection);
      forgetSocket(connection);
    }
    return pool;
  };
  return cluster;
}

/** Where two requests at once find a connection lost, kafkajs makes two, writes to either, and forgets to close one of them. */
function connectOnce(connection: Connection): void {
  const connect = connection.connect.bind(connection);
  let underWay: Promise<boolean> | undefined;
  connection.connect = () => {
    underWay ??= connect().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

/**
 * While a broker is gone, kafkajs ends the same dead socket at each attempt to reach it, and Node.js adds a listener to it each time,
 * until it warns of a leak.
 */
function forgetSocket(connection: Connection): void {
  const disconnect = connection.disconnect.bind(connection);
  connection.disconnect = async () => {
    if (connection.socket?.destroyed) delete connection.socket;
    return disconnect();
  };
}
