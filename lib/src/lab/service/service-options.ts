import { LabError } from '../../errors.js';
import type { Topic } from '../resources/topics.js';
import type { Parts, Passing, ServiceRecord } from './service-settings.js';

export interface ServiceOptions {
  /** The full name of its group, as `lab.group` gives it. */
  group: string;
  /** The topic with its orders. */
  topic: Topic;
  /**
   * How long its label printer, or mail server, takes for an order: milliseconds; 0 unless given. One order at a time; its heartbeats go
   * on meanwhile, so it may be longer than the session.
   */
  latency?: number;
  /**
   * How long its group takes it for a member when it sends no heartbeats any more: milliseconds; 10,000 unless given, 30,000 for
   * a static member. Where it is going to crash, a short one lets the group go on soon; a stall that long has it join anew, too.
   */
  sessionTimeout?: number;
  /** What it does first with an order, and that it commits by itself. Without it kafkajs commits: each batch, after it. */
  first?: Parts['first'];
  /**
   * It writes an invoice for each order to this topic, and commits behind it: its only work. Not together with `first`, `work`,
   * `latency` or `groupInstanceId`.
   */
  to?: Topic;
  /** It writes invoices and commits in one transaction, by this id, as `lab.transactionalId` gives it. Needs `to`. */
  transactionalId?: string;
  /** How many orders it commits at a time; 1 unless given. Needs `first` or `to`. */
  every?: number;
  /**
   * It stands still at this order, the first that it handles being 1, between processing and committing it, until it is
   * killed. Needs `first`; or `to` and `standsAfter`, and it stands in the transaction that has this order.
   */
  standsAt?: number;
  /** The step after which it stands: of a transaction, `send`, `sendOffsets` or `commit`; without one, `send` or `commit`. */
  standsAfter?: Passing['standsAfter'];
  /** Called in this notebook with each order, and waited for: a world outside of the service, which its crash does not touch. */
  work?: (record: ServiceRecord) => unknown;
  /**
   * Makes it a static member of its group, which may be away for half a minute before its partitions go to others. kafkajs cannot do
   * that, so this service uses @platformatic/kafka; by default it uses kafkajs. Not together with `first` or `work`.
   */
  groupInstanceId?: string;
}

/** @throws LabError BAD_INPUT that names the option */
export function requireOptions(options: ServiceOptions): void {
  const { latency = 0, sessionTimeout, first, every, standsAt, work, groupInstanceId } = options;
  requireTime('latency', latency, { such: 60 });
  if (sessionTimeout !== undefined) requireTime('sessionTimeout', sessionTimeout, { such: 3000 });
  requirePassing(options);
  if (groupInstanceId && (first || work)) throw notStatic(first ? 'first' : 'work');
  for (const [name, number] of Object.entries({ every, standsAt })) {
    if (number === undefined) continue;
    requireCount(name, number);
    if (!first && !options.to) throw needsFirst(name);
  }
}

function requireTime(name: string, ms: number, { such }: { such: number }): void {
  if (Number.isFinite(ms) && ms >= 0) return;
  throw new LabError('BAD_INPUT', {
    what: `The ${name} of a service cannot be ${ms}.`,
    why: 'It is a time in milliseconds, 0 or more.',
    fix: `Give a number, such as { ${name}: ${such} }.`,
  });
}

/** What goes with passing orders on, and what does not. */
function requirePassing(options: ServiceOptions): void {
  const { to, standsAt, transactionalId, standsAfter } = options;
  if (!to) {
    if (transactionalId !== undefined) throw needs('transactionalId', 'to');
    if (standsAfter !== undefined) throw needs('standsAfter', 'to');
    return;
  }
  for (const name of ['first', 'work', 'latency', 'groupInstanceId'] as const)
    if (options[name] !== undefined) throw onlyPasses(name);
  if (standsAt !== undefined && !standsAfter) throw needs('standsAt', 'standsAfter');
  if (standsAfter === 'sendOffsets' && transactionalId === undefined)
    throw needs("standsAfter: 'sendOffsets'", 'transactionalId');
}

function needs(name: string, other: string): LabError {
  return new LabError('BAD_INPUT', {
    what: `A service with ${name} needs ${other}, too.`,
    why: `It is about the invoices that it writes to another topic, and of no use without ${other}.`,
    fix: `Give ${other}, or leave out ${name}.`,
  });
}

function onlyPasses(name: string): LabError {
  return new LabError('BAD_INPUT', {
    what: `A service that writes to another topic cannot have ${name}.`,
    why: 'It writes an invoice for each order, and does nothing else with it.',
    fix: `Leave out ${name}, or to.`,
  });
}

function notStatic(name: string): LabError {
  return new LabError('BAD_INPUT', {
    what: `A static member cannot have ${name}.`,
    why: 'It uses another client, and commits each order after it.',
    fix: `Leave out ${name}, or groupInstanceId.`,
  });
}

function requireCount(name: string, number: number): void {
  if (Number.isInteger(number) && number >= 1) return;
  throw new LabError('BAD_INPUT', {
    what: `A service cannot have ${name}: ${number}.`,
    why: 'It counts orders: a whole number, 1 or more.',
    fix: `Give a number, such as { ${name}: 5 }.`,
  });
}

function needsFirst(name: string): LabError {
  return new LabError('BAD_INPUT', {
    what: `A service with ${name} has to be told what it does first.`,
    why: 'Without that kafkajs commits, in its own way.',
    fix: `Give both, such as { first: 'process', ${name}: 5 }.`,
  });
}
