import type { Ledger } from '../../ledger/index.js';
import { forgottenStretch } from '../drawing/words.js';
import type { ReplayOptions } from './text.js';

/** From when to when a replay goes, in milliseconds since 1970, and what is left out of it. */
export interface Span {
  start: number;
  end: number;
  notes: string[];
}

/** From the first fact about the topic on, up to the newest of the group; undefined where nothing is known. */
export function spanOf(
  ledger: Ledger,
  { topic, group, from = 0 }: ReplayOptions,
): Span | undefined {
  const trails = [
    ...(['produced', 'pending', 'aborted'] as const).map((kind) => ledger.trail(kind, { topic })),
    ...(['delivered', 'processed', 'committed'] as const).map((kind) =>
      ledger.trail(kind, { topic, group }),
    ),
  ];
  const told = [...ledger.log(topic).values()].flatMap((log) => [...log.told()]);
  const others = [...ledger.members({ group }), ...told].map(({ time }) => time);
  const firsts = trails.flatMap(({ first }) => first ?? []);
  const lasts = trails.flatMap(({ last }) => last ?? []);
  const first = least(firsts.length > 0 ? firsts : others);
  if (first === undefined) return undefined;
  const members = ledger.members({ group }).map(({ time }) => time);
  const end = Math.max(first, -(least([...lasts, ...members].map((time) => -time)) ?? -first));
  const wanted = Math.max(first, Math.min(from, end));
  const start = Math.max(wanted, Math.min(ledger.keptFrom, end));
  const reach = { from: start, isWhole: false, isCut: start > wanted };
  return { start, end, notes: forgottenStretch(ledger, reach, wanted) };
}

/** They may be too many for the arguments of a function. */
const least = (times: readonly number[]): number | undefined =>
  times.length > 0 ? times.reduce((low, time) => Math.min(low, time)) : undefined;
