import { type Ledger, logFates, type Trail } from '../../ledger/index.js';
import { brief, MOST_OF_KEY } from '../drawing/words.js';
import type { Steps } from './steps.js';
import { draws, type Tape } from './tape.js';

/** What is drawn of a record, in columns: from which step on, up to which, who has processed it by then, and what it is beside that. */
export interface Cell {
  partition: number;
  offset: number;
  key: string;
  from: number[];
  to: number[];
  member: string[];
  sign: string[];
}

/** Of a record that nobody has processed, and of one that somebody has of whom nothing is kept. */
export const NOBODY_YET = 'nobody';
export const NOT_KEPT = 'not kept';

/** Of a record whose transaction has not ended, or was aborted. */
const [OPEN, ABORTED] = ['…', '×'];

const KINDS = ['pending', 'produced', 'aborted', 'lost', 'processed'] as const;
type Kind = (typeof KINDS)[number];

interface Happening {
  kind: Kind;
  time: number;
  member: string;
}

/** Everything known of one record, in the order of time. */
export interface Life {
  partition: number;
  offset: number;
  key: string | null;
  happenings: Happening[];
}

interface Of {
  topic: string;
  group: string;
}

/** The lives of the records that are drawn. Of what compaction has removed nobody knows when that was: it is not drawn. */
export function livesOf(ledger: Ledger, { topic, group }: Of, tape: Tape): Life[] {
  const lives = new Map<string, Life>();
  const fateOf = logFates(ledger, topic);
  const lifeOf = (partition: number, offset: number): Life => {
    const name = `${partition}/${offset}`;
    const life = lives.get(name) ?? { partition, offset, key: null, happenings: [] };
    lives.set(name, life);
    return life;
  };
  for (const kind of KINDS) {
    const trail = ledger.trail(kind, kind === 'processed' ? { topic, group } : { topic });
    if (trail.forgotten > 0) addForgotten(kind, trail, tape, lifeOf);
    for (let i = 0; i < trail.length; i++) {
      const [partition, offset] = [trail.partition(i), trail.offset(i)];
      if (!draws(tape, partition, offset)) continue;
      const life = lifeOf(partition, offset);
      life.key ??= trail.key(i);
      life.happenings.push({ kind, time: trail.time(i), member: trail.member(i) });
    }
  }
  const isThere = ({ partition, offset }: Life) => {
    const fate = fateOf(partition, offset);
    return fate !== 'compacted' && fate !== 'marker';
  };
  const found = [...lives.values()].filter(isThere);
  for (const { happenings } of found) happenings.sort((a, b) => a.time - b.time);
  return found;
}

/** Of what only counts are kept, it happened before all else. */
function addForgotten(
  kind: Kind,
  trail: Trail,
  tape: Tape,
  lifeOf: (partition: number, offset: number) => Life,
): void {
  const kept = new Map<string, number>();
  for (let i = 0; i < trail.length; i++) {
    if (!draws(tape, trail.partition(i), trail.offset(i))) continue;
    const name = `${trail.partition(i)}/${trail.offset(i)}`;
    kept.set(name, (kept.get(name) ?? 0) + 1);
  }
  const { stretches, every } = tape;
  for (const [partition, { first, last }] of stretches)
    for (let offset = first; offset < last; offset += every) {
      const many = trail.offsets(partition).at(offset);
      if (many <= (kept.get(`${partition}/${offset}`) ?? 0)) continue;
      const before = { kind, time: Number.NEGATIVE_INFINITY, member: NOT_KEPT };
      lifeOf(partition, offset).happenings.push(before);
    }
}

/** What the steps of a replay show of a record; undefined where that is nothing. */
export function cellOf(
  { partition, offset, key, happenings }: Life,
  { steps, until, nameOf }: { steps: Steps; until: number; nameOf: (member: string) => string },
): Cell | undefined {
  const cell: Cell = {
    ...{ partition, offset, key: key === null ? 'no key' : brief(key, MOST_OF_KEY) },
    ...{ from: [], to: [], member: [], sign: [] },
  };
  const shown = new Map<number, Look | undefined>();
  const seen = { produced: 0, lost: 0, pending: 0, aborted: 0, by: undefined };
  for (const one of happenings) shown.set(steps.at(one.time), lookAfter(one, seen));
  const all = [...shown];
  for (const [i, [from, look]] of all.entries()) {
    const to = Math.min(until, all[i + 1]?.[0] ?? until);
    if (look && from < to) addLook(cell, from, to, { ...look, member: nameOf(look.member) });
  }
  return cell.from.length > 0 ? cell : undefined;
}

interface Look {
  member: string;
  sign: string;
}

type Seen = Record<Exclude<Kind, 'processed'>, number> & { by: string | undefined };

/** What a record looks like once this has happened, too; undefined where it is not in the log. */
function lookAfter({ kind, member }: Happening, seen: Seen): Look | undefined {
  if (kind === 'processed') seen.by = member;
  else seen[kind]++;
  const { produced, lost, aborted, pending, by } = seen;
  // Its place may have been given to another record since.
  if (lost > 0 && lost >= produced) return undefined;
  const isOpen = pending > 0 && produced === 0;
  return { member: by ?? NOBODY_YET, sign: aborted > 0 ? ABORTED : isOpen ? OPEN : '' };
}

function addLook(cell: Cell, from: number, to: number, { member, sign }: Look): void {
  const last = cell.from.length - 1;
  const isSame = cell.member[last] === member && cell.sign[last] === sign && cell.to[last] === from;
  if (isSame) {
    cell.to[last] = to;
    return;
  }
  cell.from.push(from);
  cell.to.push(to);
  cell.member.push(member);
  cell.sign.push(sign);
}
