import type { Message } from 'kafkajs';
import type { KafkaError } from './kafka-error.js';

// kafkajs 2.2.4 tries a send up to six times, and tells only how the last attempt ended, and of that one partition's error.
// What the earlier ones have left in the log, and other partitions, is known here alone.

/** What an attempt to send the messages of one partition came to: the offset of the first, or why there is none. */
export interface Attempt {
  partition: number;
  messages: readonly Message[];
  outcome: number | 'in doubt' | 'refused';
}

/** What one send has for one topic, and the attempts to send it. */
export interface Attempted {
  readonly topic: string;
  readonly messages: readonly Message[];
  readonly attempts: Attempt[];
}

/** The sends that are under way. */
export const underway = new Set<Attempted>();

interface Asked {
  topicData: { topic: string; partitions: { partition: number | string; messages: Message[] }[] }[];
}
interface Answered {
  topics: {
    topicName: string;
    partitions: { partition: number; errorCode: number; baseOffset: string }[];
  }[];
}
interface Broker {
  produce(asked: Asked): Promise<Answered | undefined>;
}
interface Response {
  parse(answer: Answered): Promise<Answered>;
}

const response: Response = require('kafkajs/src/protocol/requests/produce/v7/response');
const { prototype: broker }: { prototype: Broker } = require('kafkajs/src/broker');
const { parse } = response;
const { produce } = broker;
const answers = new WeakMap<object, Answered>();

/** kafkajs throws the first error of an answer: what it says of the other partitions goes with it. */
response.parse = async (answer) => {
  try {
    return await parse(answer);
  } catch (error) {
    answers.set(error as object, answer);
    throw error;
  }
};

broker.produce = async function produceAttempt(asked) {
  try {
    const answer = await produce.call(this, asked);
    if (answer) note(asked, answer);
    return answer;
  } catch (error) {
    const answer = answers.get(error as object);
    if (answer) note(asked, answer);
    else if (mayHaveArrived(error as KafkaError)) note(asked, undefined);
    throw error;
  }
};

/** Without an answer all of it is in doubt. */
function note({ topicData }: Asked, answer: Answered | undefined): void {
  for (const { topic, partitions } of topicData) {
    const answered = answer?.topics.find(({ topicName }) => topicName === topic)?.partitions;
    for (const { partition, messages } of partitions) {
      const one = answered?.find((of) => of.partition === Number(partition));
      const outcome = one ? outcomeOf(one.errorCode, Number(one.baseOffset)) : 'in doubt';
      sendOf(topic, messages)?.attempts.push({ partition: Number(partition), messages, outcome });
    }
  }
}

function sendOf(topic: string, [first]: readonly Message[]): Attempted | undefined {
  for (const send of underway) {
    if (first && send.topic === topic && send.messages.includes(first)) return send;
  }
  return undefined;
}

/**
 * Kafka's errors after which the broker may have appended the records all the same: it does not know (-1), replicas did not answer
 * in time (7, 20), it lost its connection (13), it has them already (46), its disk failed (56).
 */
const APPENDED_PERHAPS = [-1, 7, 13, 20, 46, 56];

export function outcomeOf(error: number, offset: number): Attempt['outcome'] {
  if (error === 0) return offset < 0 ? 'in doubt' : offset;
  return APPENDED_PERHAPS.includes(error) ? 'in doubt' : 'refused';
}

/** Whether the request may have arrived although no answer came: not so where there was no connection, or no request to send. */
export function mayHaveArrived({ name, message }: Pick<KafkaError, 'name' | 'message'>): boolean {
  if (name === 'KafkaJSRequestTimeoutError' || name === 'KafkaJSConnectionClosedError') return true;
  return (
    name === 'KafkaJSConnectionError' &&
    !/^(Not connected|Connection timeout|Failed to connect|Connection error: (connect|getaddrinfo) )/.test(
      message,
    )
  );
}
