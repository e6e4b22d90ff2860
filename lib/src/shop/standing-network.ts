import type { ISocketFactory } from 'kafkajs';
import type { StandsBefore } from '../lab/service/service-settings.js';

/** Kinds of requests, by their numbers in Kafka's protocol. */
const PRODUCE = 0;
const COMMITS = [8, 28]; // OffsetCommit, TxnOffsetCommit
const WRITES = [PRODUCE, ...COMMITS, 24, 25, 26]; // with AddPartitionsToTxn, AddOffsetsToTxn, EndTxn

/** kafkajs's own sockets, with TLS if its settings say so. */
const open: ISocketFactory = require('kafkajs/src/network/socketFactory')();

/** A network that lets nothing more be written from a certain request on. */
export class StandingNetwork {
  private hasWritten = false;
  private stands = false;

  /** @param stood called once, when it has held a request back */
  constructor(
    private readonly before: StandsBefore | undefined,
    private readonly stood: () => void,
  ) {}

  /** For `new Kafka({ socketFactory })`. */
  readonly socketFactory: ISocketFactory = (to) => {
    const socket = open(to);
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (data: unknown, ...rest: unknown[]) =>
      this.holds(data as Buffer) || write(data, ...rest);
    return socket;
  };

  /** A request is its size, its kind, and the rest. */
  private holds(request: Buffer): boolean {
    const kind = request.length < 6 ? -1 : request.readInt16BE(4);
    if (this.stands) return WRITES.includes(kind);
    this.stands = this.before === 'commit' && this.hasWritten && COMMITS.includes(kind);
    this.hasWritten ||= kind === PRODUCE;
    if (this.stands) this.stood();
    return this.stands;
  }
}
