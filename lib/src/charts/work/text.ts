import {
  busyAtOnce,
  byName,
  type Ledger,
  type Trail,
  type UnnamedJob,
  type Work,
  type WorkScope,
} from '../../ledger/index.js';
import { count } from '../../words.js';
import { caveats } from '../drawing/caveats.js';
import { brief, called, sentence } from '../drawing/words.js';
import { statesTold } from './states.js';

/** "Consumer group workers on topic jobs", "Queue jobs". */
export function whose(kind: Work['kind'], of: WorkScope): string {
  const [first, ...rest] = kind;
  const name =
    'queue' in of ? called(of.queue) : `${called(of.group)} on topic ${called(of.topic)}`;
  return `${first?.toUpperCase()}${rest.join('')} ${name}`;
}

/** "1 delivery", "2 deliveries". */
export const deliveriesTold = (n: number): string => `${n} ${n === 1 ? 'delivery' : 'deliveries'}`;

/** Who had how many jobs, how they ended, and how many worked at once. */
export function described(
  ledger: Ledger,
  { kind, jobs, present, idle, isCut }: Work<UnnamedJob>,
  of: WorkScope,
  notes: readonly string[],
): string {
  const here = new Set(present.filter(({ to }) => to === undefined).map(({ worker }) => worker));
  const names = new Set([...here, ...jobs.map(({ worker }) => worker)]);
  const shares = [...names].sort(byName).map((worker) => ({
    worker,
    own: jobs.filter((job) => job.worker === worker).length,
  }));
  const without = idle.filter(({ to }) => to === undefined).length;
  const most = busyAtOnce(jobs);
  return sentence({
    items: shares,
    weight: ({ own }) => own,
    word: ({ worker, own }) => `${brief(worker)} ${own}`,
    say: (words) => {
      const told = words.length > 0 ? ` (${words.join(', ')})` : '';
      const ends = jobs.length > 0 ? `: ${statesTold(jobs)}` : '';
      const all = `${newest(ledger, kind, of)}${whose(kind, of)}: ${deliveriesTold(jobs.length)}${told}${ends}.`;
      return [all, ...busy(most), ...owning(without)].join(' ');
    },
    notes: [...notes, ...told(ledger, of, isCut)],
  });
}

const busy = (most: number): string[] =>
  most > 0 ? [`At most ${count(most, 'worker')} had a job at the same time.`] : [];

const owning = (without: number): string[] =>
  without > 0 ? [`${count(without, 'worker')} ${without > 1 ? 'own' : 'owns'} no partition.`] : [];

function told(ledger: Ledger, of: WorkScope, isCut: boolean): string[] {
  if (!('queue' in of)) return caveats(ledger, of.topic);
  return isCut ? ['Only the newest jobs of queues are kept.'] : [];
}

type OfTopic = { topic: string; group: string };

/** What a sentence begins with that is about those deliveries only whose detail is kept. */
export function newest(ledger: Ledger, kind: Work['kind'], of: WorkScope): string {
  if ('queue' in of) return '';
  const { forgotten, length } = begins(ledger, kind, of);
  return forgotten > 0 ? `Of the newest ${length} deliveries: ` : '';
}

/** The same below the title of the picture. */
export function newestOnly(ledger: Ledger, { kind }: Pick<Work, 'kind'>, of: WorkScope): string[] {
  if ('queue' in of) return [];
  const { forgotten, length } = begins(ledger, kind, of);
  return forgotten > 0 ? [`Only of the newest ${length} deliveries more than counts is kept.`] : [];
}

const begins = (ledger: Ledger, kind: Work['kind'], { topic, group }: OfTopic): Trail =>
  ledger.trail(kind === 'share group' ? 'acquired' : 'delivered', { topic, group });
