import { type Ledger, logFates, type Position } from '../../ledger/index.js';
import { PAPER } from './chart.js';
import { COMPACTED, GONE } from './gone.js';
import { colours, labelInk, NOBODY, OTHERS } from './palette.js';

const [, ABORTED, , OPEN] = colours(['a', 'b', 'c', 'd']).range as [string, string, string, string];

/** What a place is that holds no record for readers of committed ones: its name in a legend, its colour, and a sign if it is a square. */
const STATES = [
  { fate: 'open', state: 'transaction open', colour: OPEN, sign: '…' },
  { fate: 'aborted', state: 'aborted', colour: ABORTED, sign: '×' },
  { fate: 'marker', state: 'end of a transaction', colour: OTHERS, sign: undefined },
  { fate: 'compacted', state: COMPACTED, colour: NOBODY, sign: undefined },
] as const;

export interface OtherPlace {
  partition: number;
  offset: number;
  state: string;
  sign?: string | undefined;
  /** Nothing is told of its key. */
  key: null;
}

/** The places beside the records of a partition that are drawn, from the first of these on: the newest, so many at most. */
export function otherPlaces(
  ledger: Ledger,
  topic: string,
  { partition, start, end }: Position,
  { first, most }: { first: number; most: number },
): OtherPlace[] {
  const fateOf = logFates(ledger, topic);
  const found: OtherPlace[] = [];
  for (let offset = end - 1; offset >= Math.max(start, first) && found.length < most; offset--) {
    const fate = fateOf(partition, offset);
    const drawn = STATES.find((one) => one.fate === fate);
    if (drawn) found.push({ partition, offset, state: drawn.state, sign: drawn.sign, key: null });
  }
  return found.reverse();
}

/** Names and colours of those that occur, for a legend. */
export function statesOf(places: readonly OtherPlace[]): { domain: string[]; range: string[] } {
  const found = STATES.filter(({ state }) => places.some((place) => place.state === state));
  return { domain: found.map(({ state }) => state), range: found.map(({ colour }) => colour) };
}

/** Their marks, where there are any: squares with a sign, a dash where a transaction ends, a hollow one where nothing is left. */
export function placeMarks(places: readonly OtherPlace[], opacity: object): object[] {
  if (places.length === 0) return [];
  const isPlace = 'isValid(datum.state) && datum.key === null';
  const isOfStates = `indexof(${JSON.stringify(statesOf(places).domain)}, datum.state) >= 0`;
  const tooltip = ['partition', 'offset', 'state'].map((field) => ({ field }));
  const color = { field: 'state' };
  const layer = (test: string, mark: object, encoding: object) => ({
    transform: [{ filter: `${isPlace} && ${isOfStates} && ${test}` }],
    mark,
    encoding: { opacity, tooltip, ...encoding },
  });
  const square = { type: 'rect', height: 22, stroke: PAPER, strokeWidth: 2 };
  const small = { width: { band: 0.4 }, height: 9 };
  const isGone = `datum.state === '${COMPACTED}'`;
  return [
    layer('isValid(datum.sign)', square, { color }),
    layer(
      'isValid(datum.sign)',
      { type: 'text' },
      { text: { field: 'sign' }, color: labelInk('state') },
    ),
    layer(`!isValid(datum.sign) && !(${isGone})`, { type: 'rect', ...small }, { color }),
    layer(isGone, { ...GONE, ...small }, { color }),
  ];
}
