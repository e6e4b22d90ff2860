import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  account,
  assignment,
  deliveries,
  type Ledger,
  moments,
  offsetsByPartition,
  ownership,
  tally,
} from '../../lib/src/ledger/index.ts';
import { openRun } from '../../lib/src/runs/index.ts';
import { ROOT } from './command.ts';

const folder = join(ROOT, 'notebooks', 'runs');

export const courseRuns = readdirSync(folder).map((file) => file.replace('.jsonl.gz', ''));

/** The ledger of the run of a lesson. */
export function runOf(lesson: string): Ledger {
  return openRun(join(folder, `${lesson}.jsonl.gz`));
}

/** What a lesson promises, as its run has it. Names are those of the lesson. */
export class Told {
  constructor(
    readonly ledger: Ledger,
    private readonly lesson: string,
  ) {}

  name = (name: string) => `${name}.${this.lesson}.run`;
  owners = (group: string) => assignment(this.ledger, this.name(group));
  tally = (group: string, topic: string) => tally(this.ledger, this.name(group), this.name(topic));
  processed = (group: string, topic: string) => this.tally(group, topic).processed;
  account = (group: string, topic: string) =>
    account(this.ledger, this.name(group), this.name(topic));
  repeated = (group: string, topic: string) => offsets(this.account(group, topic).repeated);
  skipped = (group: string, topic: string) => offsets(this.account(group, topic).skipped);
  order = (group: string) =>
    offsetsByPartition(this.ledger.records('processed', { group: this.name(group) }));

  /** Who owned how many partitions before another came, and at the end. */
  shares(group: string, other: string): number[][] {
    const spans = ownership(this.ledger, this.name(group));
    const came = Math.min(
      ...spans.filter(({ member }) => member === other).map(({ from }) => from),
    );
    const first = spans.filter(({ from, to = Infinity }) => from < came && to > came - 1000);
    const before = new Set(first.map(({ partition }) => partition)).size;
    return [[before], Object.values(this.owners(group)).map(({ length }) => length)];
  }

  /** The lag of a group, highest and at the end, as a replay of a hundred steps has it. */
  lags(group: string, topic: string): [highest: number, end: number] {
    const times = this.ledger.records('produced', { topic: this.name(topic) }).map((r) => r.time);
    const [from, to] = [Math.min(...times), Math.max(...times) + 60_000];
    const steps = Array.from({ length: 101 }, (_, n) => from + ((to - from) * n) / 100);
    const all = moments(this.ledger, this.name(group), this.name(topic), steps);
    const peaks = all.map(({ peak, lag }) => Math.max(peak?.lag ?? 0, lag));
    return [Math.max(...peaks), all.at(-1)?.lag ?? NaN];
  }

  /** How a job ended, each time that it was handed out. */
  ends(group: string, topic: string, job: number): string[] {
    return deliveries(this.ledger, this.name(group), this.name(topic))
      .filter(({ offset }) => offset === job)
      .map(({ end, count }) => `${end} ${count}`);
  }
}

const offsets = (all: readonly { offset: number }[]) => all.map(({ offset }) => offset);
export const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n);
