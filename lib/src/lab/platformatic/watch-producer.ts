import { keyText, now, type Recorder } from '../../ledger/index.js';
import { type Ends, TransactionFacts } from '../waiting/transaction-facts.js';
import type {
  PlatformaticProducer,
  PlatformaticTransaction,
  SentMessage,
  SentOffsets,
} from './shapes.js';

type Send = (options: { messages: SentMessage[] }, callback?: unknown) => Promise<SentOffsets>;
type Sender = { send: unknown };
type Kind = 'produced' | 'pending';

/** Makes a producer record what it sends, and what becomes of its transactions. Calls with a callback, which are its own, stay alone. */
export function watchProducer(
  producer: PlatformaticProducer,
  recorder: Recorder,
  ends?: Ends | undefined,
): void {
  const member = producer.clientId;
  watchSends(producer, { kind: 'produced', member, recorder });
  const begin = producer.beginTransaction.bind(producer);
  producer.beginTransaction = async (options) => {
    const transaction = await begin(options);
    const facts = new TransactionFacts(recorder, ends);
    watchSends(transaction, { kind: 'pending', member, recorder: facts });
    watchTransaction(transaction, member, facts);
    return transaction;
  };
}

function watchTransaction(
  transaction: PlatformaticTransaction,
  member: string,
  facts: TransactionFacts,
): void {
  const addOffset = transaction.addOffset.bind(transaction);
  const commit = transaction.commit.bind(transaction);
  const abort = transaction.abort.bind(transaction);
  transaction.addOffset = async (message) => {
    await addOffset(message);
    const { topic, partition, offset, metadata } = message as Consumed;
    const { groupId: group } = metadata.consumer;
    facts.moves({ group, member, topic, partition, offset: Number(offset) + 1 });
  };
  transaction.commit = () => facts.ending(commit, 'produced');
  transaction.abort = () => facts.ending(abort, 'aborted');
}

/** A record that was consumed: it says for which group. */
interface Consumed {
  topic: string;
  partition: number;
  offset: bigint;
  metadata: { consumer: { groupId: string } };
}

interface Sends {
  kind: Kind;
  member: string;
  recorder: Recorder;
}

function watchSends(sender: Sender, sends: Sends): void {
  const send = (sender.send as Send).bind(sender);
  const watched: Send = async (options, callback) => {
    if (callback) return send(options, callback);
    const messages = [...options.messages];
    try {
      const sent = await send(options);
      recordSent(messages, sent, sends);
      return sent;
    } catch (error) {
      // The answer may have got lost.
      for (const message of messages) recordDoubt(message, sends);
      throw error;
    }
  };
  sender.send = watched;
}

/** The broker tells the offset of the first one in each partition. Which of them is whose, only the client knows unless it is one. */
function recordSent(messages: SentMessage[], { offsets = [] }: SentOffsets, sends: Sends): void {
  const next = offsets.map((one) => ({ ...one, offset: Number(one.offset) }));
  const { kind, member, recorder } = sends;
  for (const message of messages) {
    const own = next.filter(({ topic }) => topic === message.topic);
    const place = own.length === 1 ? own[0] : own.find((p) => p.partition === message.partition);
    if (!place) {
      recordDoubt(message, sends);
      continue;
    }
    const at = { topic: place.topic, partition: place.partition, offset: place.offset++ };
    recorder.record({ kind, time: now(), group: '', member, ...at, key: asKey(message.key) });
  }
}

/** Where it was to go, only the client knows unless it was told. */
function recordDoubt({ topic, partition, key }: SentMessage, { member, recorder }: Sends): void {
  if (partition === undefined) return;
  const by = { time: now(), group: '', member } as const;
  recorder.record({ kind: 'in doubt', ...by, topic, partition, key: asKey(key) });
}

/** A serializer may take anything for a key. */
function asKey(key: unknown): string | null {
  if (key === undefined || key === null) return null;
  return keyText(typeof key === 'string' || key instanceof Uint8Array ? key : JSON.stringify(key));
}
