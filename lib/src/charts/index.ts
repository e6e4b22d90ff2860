import type { Ledger } from '../ledger/index.js';
import { assignment } from './assignment/assignment.js';
import { backlog, waiting } from './backlog.js';
import { bookmark } from './bookmark/bookmark.js';
import { type Board, classBoard } from './class-board/board.js';
import {
  type PredictionOptions,
  predictions,
  type SharedPrediction,
} from './class-board/predictions.js';
import { copies } from './copies.js';
import { type CourseLesson, course } from './course.js';
import type { Chart } from './drawing/chart.js';
import { type ShownChart, showing } from './drawing/display.js';
import { keys } from './keys.js';
import { alarmLines } from './lag/alarms.js';
import { lag } from './lag/lag.js';
import { ledgerTable } from './ledger-table.js';
import { log } from './log/log.js';
import { depth } from './measured/depth.js';
import { rates } from './measured/rates.js';
import { segments } from './measured/segments.js';
import { moves } from './moves.js';
import { order } from './order.js';
import { replay } from './replay/replay.js';
import { replicas } from './replicas/replicas.js';
import { route } from './route/route.js';
import { throughput } from './throughput.js';
import { versions } from './versions.js';
import { deliveries } from './work/deliveries.js';
import { workers } from './work/workers.js';

export type { Chart } from './drawing/chart.js';
export { live, type ShownChart } from './drawing/display.js';

/** A chart of a ledger, which shows itself. Its options are those of the function that draws it, spelled out for whoever asks. */
function ofLedger<O>(draw: (ledger: Ledger, options: O) => Chart) {
  return (ledger: Ledger, options: { [Name in keyof O]: O[Name] }): ShownChart =>
    showing(draw(ledger, options));
}

/** The charts: functions from what happened to a picture and a sentence. */
export const charts = {
  /** Who owns which partition of a group, over time; `from`: since when, in milliseconds since 1970. */
  assignment: ofLedger(assignment),
  /** The records of a topic, and how far a group has read. */
  log: ofLedger(log),
  /** How often a group has processed each record, and where its bookmark was moved back. */
  bookmark: ofLedger(bookmark),
  /** Records left over time, for groups that drain the same topic. */
  backlog: ofLedger(backlog),
  /** What a group has left of each partition, over time; `from`: since when, in milliseconds since 1970. */
  waiting: ofLedger(waiting),
  /** The lag of groups on a topic over time, in records or with `unit: 'seconds'` in seconds; `from`: since when, in milliseconds since 1970. */
  lag: ofLedger(lag),
  /** When which alarm on the lag of a group was on, by `limits` in records (`sum`, `largest`) and seconds (`age`, `silence`); `from`, `to`: in milliseconds since 1970. */
  alarms: ofLedger(alarmLines),
  /** Records per second of a group, by member, since `from`; with `capacity`, what one member can do a second, its bounds. */
  throughput: ofLedger(throughput),
  /** Which group has read which record, and where its bookmark is. */
  copies: ofLedger(copies),
  /** Which key is in which partition. */
  keys: ofLedger(keys),
  /** Where each key's records went, in their order: a key can move when partitions are added. */
  moves: ofLedger(moves),
  /** Each key's records along the offsets: which are left, and which compaction has removed. */
  versions: ofLedger(versions),
  /** The order of production against the order of processing; the records of the key to `highlight` are joined. */
  order: ofLedger(order),
  /** The way of a key's records through topics: from one to the copy that its handler wrote to another. */
  route: ofLedger(route),
  /** What became of each record: produced, delivered, processed, committed. */
  ledger: ofLedger(ledgerTable),
  /** How far a learner is with the lessons. */
  course: (lessons: readonly CourseLesson[]): ShownChart => showing(course(lessons)),
  /** How far each learner of a class is with each lesson, and which they opened last: of `lab.classBoard()`. */
  classBoard: (board: Board): ShownChart => showing(classBoard(board)),
  /** How many learners of a class have predicted what, of those who share it: `{ lesson, of }`, as in `board.questions`. */
  predictions: (
    board: { predictions: readonly SharedPrediction[] },
    options: PredictionOptions,
  ): ShownChart => showing(predictions(board, options)),
  /** A queue's messages and a topic's records over time, side by side, as `lab.measure` has measured them. */
  depth: ofLedger(depth),
  /** Records and bytes a second by setting, as `lab.benchmark` has measured them, and what each setting gives up. */
  rates: (measured: Parameters<typeof rates>[0]): ShownChart => showing(rates(measured)),
  /** Which broker led each partition of a topic and which were in sync, over time, with what became of the records; `from`: since when, in milliseconds since 1970. */
  replicas: ofLedger(replicas),
  /** Who works on what when, in a consumer group, a share group or a queue: `{ topic, group }` or `{ queue }`; `from`: since when, in milliseconds since 1970. */
  workers: ofLedger(workers),
  /** How often each record was delivered to a group and how that ended; `limit`: the share group's delivery limit, 5 unless given. */
  deliveries: ofLedger(deliveries),
  /** What happened, once more, with a slider for the moment: who owned what, the log, the lag; `from`: since when, in milliseconds since 1970. */
  replay: ofLedger(replay),
  /** The files of a topic's log. */
  segments: (options: Parameters<typeof segments>[0]): ShownChart => showing(segments(options)),
};
