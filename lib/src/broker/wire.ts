import { connect } from 'node:net';

/** What a broker says of its cluster. */
export interface ClusterAnswer {
  clusterId: string;
  nodeIds: number[];
}

/**
 * Asks a broker for its cluster's metadata, by one raw request: the client library would load for longer than Kafka
 * needs to answer. Returns undefined if nothing sensible comes back within `limit` ms.
 */
export function askMetadata(port: number, limit = 1000): Promise<ClusterAnswer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1' });
    const done = (answer?: ClusterAnswer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(limit, done);
    socket.on('error', () => done());
    socket.on('close', () => done());
    socket.on('connect', () => socket.write(metadataRequest()));
    socket.on('data', (chunk) => {
      const frame = Buffer.concat([chunks.splice(0), chunk].flat());
      chunks.push(frame);
      if (frame.length >= 4 && frame.length >= 4 + frame.readInt32BE(0)) done(parseMetadata(frame));
    });
  });
}

const CORRELATION = 7;

/** Metadata, version 4, for no topic: size, api key 3, version, correlation id, no client id, 0 topics, no creation. */
export function metadataRequest(): Buffer {
  const request = Buffer.alloc(19);
  request.writeInt32BE(15, 0);
  request.writeInt16BE(3, 4);
  request.writeInt16BE(4, 6);
  request.writeInt32BE(CORRELATION, 8);
  request.writeInt16BE(-1, 12);
  return request;
}

/** size, correlation id, throttle time, brokers [id, host, port, rack], cluster id, … */
export function parseMetadata(frame: Buffer): ClusterAnswer | undefined {
  try {
    if (frame.readInt32BE(4) !== CORRELATION) return undefined;
    let at = 16;
    const text = () => {
      const size = Math.max(0, frame.readInt16BE(at));
      at += 2 + size;
      return frame.toString('utf8', at - size, at);
    };
    const nodeIds = Array.from({ length: Math.min(1000, frame.readInt32BE(12)) }, () => {
      const id = frame.readInt32BE(at);
      at += 4;
      text(); // host
      at += 4; // port
      text(); // rack
      return id;
    });
    return { nodeIds, clusterId: text() };
  } catch {
    return undefined; // cut off, or something that is no Kafka
  }
}
