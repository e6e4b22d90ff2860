import { assignment } from '../../lib/src/charts/assignment/assignment.ts';
import { backlog, waiting } from '../../lib/src/charts/backlog.ts';
import { bookmark } from '../../lib/src/charts/bookmark/bookmark.ts';
import { copies } from '../../lib/src/charts/copies.ts';
import type { Chart } from '../../lib/src/charts/drawing/chart.ts';
import type { charts } from '../../lib/src/charts/index.ts';
import { keys } from '../../lib/src/charts/keys.ts';
import { alarmLines } from '../../lib/src/charts/lag/alarms.ts';
import { lag } from '../../lib/src/charts/lag/lag.ts';
import { ledgerTable } from '../../lib/src/charts/ledger-table.ts';
import { log } from '../../lib/src/charts/log/log.ts';
import { depth } from '../../lib/src/charts/measured/depth.ts';
import { moves } from '../../lib/src/charts/moves.ts';
import { order } from '../../lib/src/charts/order.ts';
import { replay } from '../../lib/src/charts/replay/replay.ts';
import { replicas } from '../../lib/src/charts/replicas/replicas.ts';
import { route } from '../../lib/src/charts/route/route.ts';
import { throughput } from '../../lib/src/charts/throughput.ts';
import { versions } from '../../lib/src/charts/versions.ts';
import { deliveries } from '../../lib/src/charts/work/deliveries.ts';
import { workers } from '../../lib/src/charts/work/workers.ts';
import type { Depths, Ledger } from '../../lib/src/ledger/index.ts';

/** Those that draw no ledger. */
type Others = 'classBoard' | 'course' | 'predictions' | 'rates' | 'segments';

/** Of alarms that some of the tests' histories set off. */
export const LIMITS = { sum: 100, largest: 10, age: 1, silence: 2 };

export type LedgerChart = Exclude<keyof typeof charts, Others>;

/** Every chart of what a ledger holds about a topic and a group: a new one does not compile until it is here. */
export function chartsOf(
  ledger: Ledger,
  { topic, group, groups = [group] }: { topic: string; group: string; groups?: string[] },
  samples: Depths['samples'] = [],
): Record<LedgerChart, Chart> {
  return {
    assignment: assignment(ledger, { group }),
    log: log(ledger, { topic, group }),
    bookmark: bookmark(ledger, { topic, group }),
    backlog: backlog(ledger, { topic, groups }),
    waiting: waiting(ledger, { topic, group }),
    lag: lag(ledger, { topic, groups }),
    alarms: alarmLines(ledger, { topic, group, limits: LIMITS }),
    throughput: throughput(ledger, { topic, group }),
    copies: copies(ledger, { topic, groups }),
    keys: keys(ledger, { topic }),
    moves: moves(ledger, { topic }),
    versions: versions(ledger, { topic }),
    replay: replay(ledger, { topic, group }),
    replicas: replicas(ledger, { topic }),
    workers: workers(ledger, { topic, group }),
    deliveries: deliveries(ledger, { topic, group }),
    route: route(ledger, { topics: [topic], groups, key: 'customer-0' }),
    order: order(ledger, { topic, group }),
    ledger: ledgerTable(ledger, { topic, group }),
    depth: depth(ledger, { depths: { queue: 'queue', topic, samples }, groups }),
  };
}
