import type { ISocketFactory } from 'kafkajs';
import { LabError } from '../../errors.js';
import { Answers } from './answers.js';

/** Requests whose answers can be lost, by kafkajs's names for them, and their numbers in Kafka's protocol. */
const NUMBERS = {
  Produce: 0,
  OffsetCommit: 8,
  AddPartitionsToTxn: 24,
  AddOffsetsToTxn: 25,
  EndTxn: 26,
  TxnOffsetCommit: 28,
} as const;

export type LosableRequest = keyof typeof NUMBERS;

/** kafkajs's own sockets, with TLS if its settings say so. */
const open: ISocketFactory = require('kafkajs/src/network/socketFactory')();

/** A network on which a broker's answer can get lost. Made by `lab.unreliableNetwork`. */
export class UnreliableNetwork {
  /** How many answers it has lost. */
  lost = 0;
  private next: number | undefined;

  /** For `new Kafka({ clientId, ...lab.connection, socketFactory })`. */
  readonly socketFactory: ISocketFactory = (to) => {
    const socket = open(to);
    const answers = new Answers();
    let doomed: number | undefined;
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    const emit = socket.emit.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (data: unknown, ...rest: unknown[]) => {
      doomed ??= this.takes(data as Buffer);
      return write(data, ...rest);
    };
    socket.emit = (event: string | symbol, ...args: unknown[]) => {
      if (event !== 'data') return emit(event, ...args);
      const chunk = args[0] as Buffer;
      const at = answers.find(chunk, doomed);
      if (at < 0) return emit(event, chunk);
      if (at > 0) emit(event, chunk.subarray(0, at));
      this.lost++;
      // Without an error kafkajs would wait for this answer for ever.
      socket.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
      return true;
    };
    return socket;
  };

  /**
   * Loses the answer to the next request of a kind, such as 'Produce': the request arrives whole, and the broker does what it says;
   * then the connection breaks before anything of the answer gets through. A request that has no answer (`acks: 0`) loses none.
   * @throws LabError BAD_INPUT for a request that it does not know
   */
  loseNextAnswer(request: LosableRequest): void {
    if (!Object.hasOwn(NUMBERS, request)) throw unknown(request);
    this.next = NUMBERS[request];
  }

  /** The number of a request, if it is the one whose answer is to be lost: after its size, its kind and its version. */
  private takes(request: Buffer): number | undefined {
    if (this.next === undefined || request.length < 12) return undefined;
    if (request.readInt16BE(4) !== this.next) return undefined;
    this.next = undefined;
    return request.readInt32BE(8);
  }
}

function unknown(request: string): LabError {
  return new LabError('BAD_INPUT', {
    what: `There is no request '${request}' whose answer could be lost.`,
    why: `It has to be one of ${Object.keys(NUMBERS).join(', ')}.`,
    fix: "Give one of these, such as loseNextAnswer('Produce').",
  });
}
