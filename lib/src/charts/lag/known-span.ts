import type { Ledger } from '../../ledger/index.js';

export interface KnownSpan {
  /** When the first record was produced, and when the newest fact happened, in milliseconds since 1970; 0 where nothing has. */
  start: number;
  end: number;
  /** Of some of it only counts are kept. */
  isForgotten: boolean;
}

/** What is known of the lag of groups on a topic. */
export function knownSpan(ledger: Ledger, topic: string, groups: readonly string[]): KnownSpan {
  const trails = [
    ledger.trail('produced', { topic }),
    ...groups.map((group) => ledger.trail('committed', { topic, group })),
  ].filter(({ total }) => total > 0);
  if (trails.length === 0) return { start: 0, end: 0, isForgotten: false };
  return {
    start: Math.min(...trails.map(({ first = Infinity }) => first)),
    end: Math.max(...trails.map(({ last = 0 }) => last)),
    isForgotten: trails.some(({ forgotten }) => forgotten > 0),
  };
}
