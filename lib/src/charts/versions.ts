import { byName, type Ledger, type Version, versions as versionsOf } from '../ledger/index.js';
import { count, list } from '../words.js';
import { caveats, nothing } from './drawing/caveats.js';
import {
  axisOf,
  BRIEF,
  type Chart,
  chart,
  NAMES,
  PAPER,
  pickable,
  rows,
  toldApart,
} from './drawing/chart.js';
import { COMPACTED, GONE, withGone } from './drawing/gone.js';
import { offsetAxis } from './drawing/newest.js';
import { colours, labelInk, NOBODY } from './drawing/palette.js';
import { PRODUCED_AT, RECORD_WORDS, teller, VALUE } from './drawing/record.js';
import {
  brief,
  called,
  leftOut,
  newestOnly,
  ofNewest,
  sentence,
  telling,
} from './drawing/words.js';

const MOST_KEYS = 20;
/** So many can be told apart in a row. */
const MOST_RECORDS = 80;

const STATES = ['newest of its key', 'older', COMPACTED];

/** What compaction leaves of each key: a row a key, a column an offset, a square each record that is still in the log. */
export function versions(ledger: Ledger, { topic }: { topic: string }): Chart {
  const all = versionsOf(ledger, topic);
  const byKey = groupedByKey(all);
  const names = [...byKey.keys()].sort(byName);
  const kept = telling(names, MOST_KEYS, (key) => byKey.get(key)?.length ?? 0);
  const shown = all.filter((version) => kept.includes(keyOf(version)));
  const drawn = shown.slice(-MOST_RECORDS);
  const notes = [
    ...leftOut(kept.length, names.length, 'key', 'those with the most records'),
    ...leftOut(drawn.length, shown.length, 'record', 'the newest'),
  ];
  const tell = teller(ledger, drawn.length);
  const values = drawn.map((version) => ({
    ...tell(version),
    state: stateOf(version),
    ...(version.isTombstone ? { tombstone: true } : {}),
  }));
  const produced = ledger.trail('produced', { topic });
  const text = describe(ledger, topic, byKey, notes);
  const drawing = {
    title: {
      text: `The records of each key in topic ${called(topic)}`,
      subtitle: '✕ a tombstone: a record without a value',
    },
    height: rows(kept.length, 30),
    data: { values },
    transform: RECORD_WORDS,
    encoding: {
      y: { field: 'key', type: 'nominal', title: null, sort: kept, axis: { ...NAMES, ...BRIEF } },
      x: {
        field: 'offset',
        type: 'ordinal',
        title: 'offset',
        axis: offsetAxis(new Map([[0, drawn]])),
      },
      tooltip: [
        ...['key', 'partition', 'offset', 'state'].map((field) => ({ field })),
        ...[VALUE, PRODUCED_AT],
      ],
    },
    layer: [squares(kept), places(), crosses()],
  };
  return chart(text, drawing, [...newestOnly(produced), ...notes]);
}

const keyOf = ({ key }: Version) => key ?? 'no key';

function groupedByKey(all: readonly Version[]): Map<string, Version[]> {
  const found = new Map<string, Version[]>();
  for (const version of all) {
    const own = found.get(keyOf(version)) ?? [];
    found.set(keyOf(version), own);
    own.push(version);
  }
  return found;
}

function stateOf({ isLeft, isNewest }: Version): string {
  return STATES[isLeft ? (isNewest ? 0 : 1) : 2] as string;
}

const [NEWEST, OLDER] = STATES;
const SCALE = {
  domain: STATES,
  range: [...colours([NEWEST, OLDER] as string[]).range, NOBODY],
};

function squares(keys: readonly string[]): object {
  const { params, opacity } = pickable('state');
  return {
    params,
    transform: [{ filter: `datum.state !== '${COMPACTED}'` }],
    mark: { type: 'rect', stroke: PAPER, strokeWidth: 2 },
    encoding: { color: withGone(toldApart('state', 'record', SCALE, axisOf(keys))), opacity },
  };
}

/** Where a record was: its offset is given to no other. */
function places(): object {
  return {
    transform: [{ filter: `datum.state === '${COMPACTED}'` }],
    mark: { ...GONE, width: { band: 0.4 }, height: { band: 0.3 } },
    encoding: { color: { field: 'state', scale: SCALE } },
  };
}

function crosses(): object {
  return {
    transform: [{ filter: `datum.tombstone && datum.state !== '${COMPACTED}'` }],
    mark: { type: 'text', text: '✕' },
    encoding: { color: labelInk('state') },
  };
}

function describe(
  ledger: Ledger,
  topic: string,
  byKey: Map<string, Version[]>,
  drawn: string[],
): string {
  const notes = [...drawn, ...caveats(ledger, topic, { tellCompacted: false })];
  if (byKey.size === 0) return [nothing(ledger, topic), ...notes].join(' ');
  const all = [...byKey.values()].flat();
  const left = (of: readonly Version[]) => of.filter(({ isLeft }) => isLeft).length;
  const others = left(all) < all.length ? ', the others are compacted away' : '';
  const holds = `Topic ${called(topic)} has ${left(all)} of ${count(all.length, 'record')} left${others}`;
  const known = ofNewest(ledger.trail('produced', { topic }));
  return sentence({
    items: [...byKey].sort(([a], [b]) => byName(a, b)),
    weight: ([, of]) => of.length,
    word: ([key, of]) => `${left(of)} of ${of.length} of ${brief(key)}`,
    say: (words) => `${known}${holds}: ${list(words)}.`,
    notes,
  });
}
