import { connect } from 'node:net';
import { ask } from './ask.js';

/** What a broker says of its cluster. */
export interface ClusterAnswer {
  clusterId: string;
  nodeIds: number[];
}

/**
 * Asks a broker for its cluster's metadata, by one raw request: the client library would load for longer than Kafka
 * needs to answer. Returns undefined if nothing sensible comes back within `limit` ms.
 */
export async function askMetadata(port: number, limit = 1000): Promise<ClusterAnswer | undefined> {
  const frame = await askAt(port, metadataRequest(), limit);
  return frame && parseMetadata(frame);
}

/**
 * Whether a broker can take members of groups. Being asked for a coordinator makes it create the topic of the offsets; then
 * the coordinator reads that log, and knows no group meanwhile. A client that comes earlier fails, or crashes and starts over.
 */
export async function coordinatorIsReady(port: number, limit = 1000): Promise<boolean> {
  const group = Buffer.from([0, 1, 'g'.charCodeAt(0)]);
  const found = await askAt(port, request(FIND_COORDINATOR, 0, group), limit);
  if (errorCode(found, 8) !== 0) return false;
  const described = await askAt(
    port,
    request(DESCRIBE_GROUPS, 0, Buffer.concat([ONE, group])),
    limit,
  );
  return errorCode(described, 12) === 0;
}

/** Takes a member out of its group, as it would itself on leaving. Returns whether it is out. */
export async function leaveGroup(
  port: number,
  group: string,
  memberId: string,
  limit = 5000,
): Promise<boolean> {
  const body = Buffer.concat([text(group), text(memberId)]);
  const left = errorCode(await askAt(port, request(LEAVE_GROUP, 0, body), limit), 8);
  return left === 0 || left === UNKNOWN_MEMBER;
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const size = Buffer.alloc(2);
  size.writeInt16BE(bytes.length);
  return Buffer.concat([size, bytes]);
}

/** An array of one element starts with its length. */
const ONE = Buffer.from([0, 0, 0, 1]);

function errorCode(frame: Buffer | undefined, at: number): number | undefined {
  return frame && frame.length >= at + 2 ? frame.readInt16BE(at) : undefined;
}

/** Sends one request to a broker of this machine; undefined if no answer comes whole. */
async function askAt(port: number, message: Buffer, limit: number): Promise<Buffer | undefined> {
  const socket = connect({ port, host: '127.0.0.1' }).on('error', () => {}); // `ask` listens, too
  return ask(socket, message, limit)
    .catch(() => undefined)
    .finally(() => socket.destroy());
}

const METADATA = 3;
const FIND_COORDINATOR = 10;
const LEAVE_GROUP = 13;
const DESCRIBE_GROUPS = 15;
const UNKNOWN_MEMBER = 25;
export const CORRELATION = 7;

/** Metadata, version 4, for no topic: 0 topics, no creation. */
export function metadataRequest(): Buffer {
  return request(METADATA, 4, Buffer.alloc(5));
}

/** size, api key, version, correlation id, no client id, then the body */
export function request(apiKey: number, version: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(14);
  header.writeInt32BE(10 + body.length, 0);
  header.writeInt16BE(apiKey, 4);
  header.writeInt16BE(version, 6);
  header.writeInt32BE(CORRELATION, 8);
  header.writeInt16BE(-1, 12);
  return Buffer.concat([header, body]);
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
