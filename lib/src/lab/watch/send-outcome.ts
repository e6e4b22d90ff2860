import type { Message } from 'kafkajs';
import type { Attempt } from '../kafkajs/produce-attempts.js';
import type { Sent } from './decisions.js';

/** Messages of a send that are in the log, one after the other. */
export interface Placed {
  partition: number;
  /** Of the first. */
  offset: number;
  messages: readonly Message[];
}

/** Messages of a send of which no offset is known. */
export interface Unplaced {
  kind: 'in doubt' | 'refused';
  partition: number;
  message: Message;
  /** It was sent again, and acknowledged then. */
  again?: true;
}

export interface Outcome {
  placed: Placed[];
  unplaced: Unplaced[];
}

/**
 * What attempts that failed have left of a send that was acknowledged in the end. An idempotent producer leaves nothing in a partition
 * that got the same messages once more: the broker knows them.
 */
export function leftBehind(
  { attempts }: Pick<Sent, 'attempts'>,
  acknowledged: ReadonlyMap<number, number>,
  isIdempotent: boolean,
): Outcome {
  const placed = placedOf(attempts).filter(
    ({ partition, offset }) => acknowledged.get(partition) !== offset,
  );
  const unplaced = attempts
    .filter(({ outcome }) => outcome === 'in doubt')
    .filter(({ partition }) => !(isIdempotent && acknowledged.has(partition)))
    .flatMap(({ partition, messages }) =>
      messages.map((message): Unplaced => ({ kind: 'in doubt', partition, message, again: true })),
    );
  return { placed, unplaced: oneEach(unplaced) };
}

/**
 * What became of a send that failed: of some partitions it may have been acknowledged. A message that may have arrived once is in
 * doubt, whatever came of other attempts.
 * @param isRefused whether the broker refused what came before any attempt, such as a place in the transaction
 */
export function outcomeOfFailed(
  { attempts, messages, partitions }: Pick<Sent, 'attempts' | 'messages' | 'partitions'>,
  isRefused: boolean,
): Outcome {
  const placed = placedOf(attempts);
  const arrived = new Set(placed.flatMap((one) => one.messages));
  const unplaced = messages.flatMap((message, i): Unplaced[] => {
    if (arrived.has(message)) return [];
    const own = attempts.filter((attempt) => attempt.messages.includes(message));
    const told = own.findLast(({ outcome }) => outcome === 'in doubt') ?? own.at(-1);
    if (told)
      return [{ kind: told.outcome as Unplaced['kind'], partition: told.partition, message }];
    const partition = partitions[i];
    return isRefused && partition !== undefined ? [{ kind: 'refused', partition, message }] : [];
  });
  return { placed, unplaced };
}

/** An answer may come twice for the same records: once late, once when they are sent again. */
function placedOf(attempts: readonly Attempt[]): Placed[] {
  const found = new Map<string, Placed>();
  for (const { partition, messages, outcome } of attempts) {
    if (typeof outcome !== 'number') continue;
    found.set(`${partition} ${outcome}`, { partition, offset: outcome, messages });
  }
  return [...found.values()];
}

/** However often a message was sent to a partition without an answer. */
function oneEach(unplaced: readonly Unplaced[]): Unplaced[] {
  const seen = new Map<Message, Set<number>>();
  return unplaced.filter(({ message, partition }) => {
    const partitions = seen.get(message) ?? new Set();
    seen.set(message, partitions);
    return partitions.size < partitions.add(partition).size;
  });
}
