import { drain, type Ledger } from '../ledger/index.js';
import { type Chart, chart } from './chart.js';
import { colours } from './palette.js';
import { seconds, shortName } from './words.js';

const MOST_POINTS = 60;

/**
 * How fast groups drain the same topic, each from its own first record: records left over time, a line a group.
 * Give the slowest group first: the others are compared with it.
 */
export function backlog(ledger: Ledger, { topic, groups }: { topic: string; groups: string[] }): Chart {
  const names = groups.map(shortName);
  const values = groups.flatMap((group) => points(ledger, topic, group));
  return chart(sentence(ledger, topic, groups), {
    title: `Draining topic ${shortName(topic)}`,
    height: 220,
    data: { values },
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2.5, point: { size: 22 } },
    encoding: {
      x: { field: 'time', type: 'quantitative', title: 'seconds since the group read its first record' },
      y: { field: 'left', type: 'quantitative', title: 'records left' },
      color: { field: 'group', type: 'nominal', title: 'group', scale: colours(names) },
      shape: { field: 'group', type: 'nominal', scale: { domain: names } },
      tooltip: [{ field: 'group' }, { field: 'time', title: 'seconds', format: '.2f' }, { field: 'left' }],
    },
  });
}

function points(ledger: Ledger, topic: string, group: string): object[] {
  const total = ledger.records('produced', { topic }).length;
  const start = ledger.records('delivered', { group, topic })[0]?.time;
  if (start === undefined) return [];
  const processed = ledger.records('processed', { group, topic });
  const step = Math.max(1, Math.ceil(processed.length / MOST_POINTS));
  const line = processed
    .map(({ time }, i) => ({ time: (time - start) / 1000, left: total - i - 1 }))
    .filter(({ left }, i) => left === 0 || i % step === step - 1);
  return [{ time: 0, left: total }, ...line].map((point) => ({
    group: shortName(group),
    time: Math.round(point.time * 1000) / 1000,
    left: point.left,
  }));
}

function sentence(ledger: Ledger, topic: string, groups: string[]): string {
  const drains = groups.map((group) => ({ name: shortName(group), ...drain(ledger, group, topic) }));
  const parts = drains.map(({ name, records, duration, members }) => {
    const shares = members.map((share) => `${share.member} ${share.records}`).join(', ');
    return `${name} processed ${records} records in ${seconds(duration)} (${shares || 'no member yet'})`;
  });
  const [first, last] = [drains[0], drains.at(-1)];
  const isComparable = first && last && first !== last && first.duration > 0 && last.duration > 0;
  const ratio = isComparable
    ? ` ${last.name} was ${(first.duration / last.duration).toFixed(2)} times as fast; total / largest share is ${last.bound.toFixed(2)}.`
    : '';
  return `${parts.join('; ')}.${ratio}`;
}
