import type { Depths, Ledger } from '../ledger/index.js';
import { assignment } from './assignment.js';
import { backlog, waiting } from './backlog.js';
import { copies } from './copies.js';
import { type CourseLesson, course } from './course.js';
import { depth } from './depth.js';
import { type ShownChart, showing } from './drawing/display.js';
import { keys } from './keys.js';
import { type LagOptions, lag } from './lag.js';
import { ledgerTable } from './ledger-table.js';
import { type LogOptions, log } from './log.js';
import { moves } from './moves.js';
import { type OrderOptions, order } from './order.js';
import { type Segment, segments } from './segments.js';
import { throughput } from './throughput.js';

export type { Chart, Spec } from './drawing/chart.js';
export { live, type ShownChart } from './drawing/display.js';

/** The charts: functions from what happened to a picture and a sentence. */
export const charts = {
  /** Who owns which partition of a group, over time; `from`: since when, in milliseconds since 1970. */
  assignment: (ledger: Ledger, options: { group: string; from?: number }): ShownChart =>
    showing(assignment(ledger, options)),
  /** The records of a topic, and how far a group has read. */
  log: (ledger: Ledger, options: LogOptions): ShownChart => showing(log(ledger, options)),
  /** Records left over time, for groups that drain the same topic. */
  backlog: (ledger: Ledger, options: { topic: string; groups: string[] }): ShownChart =>
    showing(backlog(ledger, options)),
  /** What a group has left of each partition, over time; `from`: since when, in milliseconds since 1970. */
  waiting: (ledger: Ledger, options: { topic: string; group: string; from?: number }): ShownChart =>
    showing(waiting(ledger, options)),
  /** The lag of groups on a topic over time, in records or with `unit: 'seconds'` in seconds; `from`: since when, in milliseconds since 1970. */
  lag: (ledger: Ledger, options: LagOptions): ShownChart => showing(lag(ledger, options)),
  /** Records per second of a group, by member, since `from`; with `capacity`, what one member can do a second, its bounds. */
  throughput: (
    ledger: Ledger,
    options: { topic: string; group: string; capacity?: number; from?: number },
  ): ShownChart => showing(throughput(ledger, options)),
  /** Which group has read which record, and where its bookmark is. */
  copies: (ledger: Ledger, options: { topic: string; groups: string[] }): ShownChart =>
    showing(copies(ledger, options)),
  /** Which key is in which partition. */
  keys: (ledger: Ledger, options: { topic: string }): ShownChart => showing(keys(ledger, options)),
  /** Where each key's records went, in their order: a key can move when partitions are added. */
  moves: (ledger: Ledger, options: { topic: string }): ShownChart =>
    showing(moves(ledger, options)),
  /** The order of production against the order of processing; the records of the key to `highlight` are joined. */
  order: (ledger: Ledger, options: OrderOptions): ShownChart => showing(order(ledger, options)),
  /** What became of each record: produced, delivered, processed, committed. */
  ledger: (ledger: Ledger, options: { topic: string; group: string }): ShownChart =>
    showing(ledgerTable(ledger, options)),
  /** How far a learner is with the lessons. */
  course: (lessons: readonly CourseLesson[]): ShownChart => showing(course(lessons)),
  /** A queue's messages and a topic's records over time, side by side, as `lab.measure` has measured them. */
  depth: (
    ledger: Ledger,
    options: { depths: Pick<Depths, 'queue' | 'topic' | 'samples'>; groups?: string[] },
  ): ShownChart => showing(depth(ledger, options)),
  /** The files of a topic's log. */
  segments: (options: { topic: string; segments: Segment[] }): ShownChart =>
    showing(segments(options)),
};
