import type { View } from 'vega';
import type { Chart } from '../../lib/src/charts/drawing/chart.ts';

type Row = Record<string, unknown>;

interface Mark {
  from?: { data?: string };
  marks?: Mark[];
}

/** A chart with a moment, as Vega draws it: what its marks are made of once the slider is somewhere. */
export class Screen {
  private constructor(
    readonly view: View,
    private readonly sources: readonly string[],
    private readonly steps: { size: number; last: number },
  ) {}

  static async of({ spec }: Chart): Promise<Screen> {
    const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
    const compiled = compile(spec as never).spec;
    const view = await new vega.View(vega.parse(compiled), { renderer: 'none' }).runAsync();
    const t = (spec['params'] as { name: string; bind: { step: number; max: number } }[]).find(
      ({ name }) => name === 't',
    );
    if (!t) throw new Error('The chart has no moment.');
    const steps = { size: t.bind.step, last: t.bind.max };
    return new Screen(view, [...new Set(sourcesOf(compiled as Mark))], steps);
  }

  /** Moves the slider to this share of its way, where it stops. Returns the seconds there. */
  async moveTo(share: number): Promise<number> {
    const { size, last } = this.steps;
    const t = Math.min(last, Number((Math.round((share * last) / size) * size).toFixed(2)));
    await this.view.signal('t', t).runAsync();
    return t;
  }

  /** What is drawn: the records with who has processed them, the signs, who owns what at `t`, and the lag there. */
  shown(t: number) {
    const rows = this.rows();
    const records = new Map<string, string>();
    const marks = new Map<string, number>();
    const owners = new Set<string>();
    let [lag, newest] = [0, -1];
    for (const row of rows) {
      if ('key' in row) {
        const sign = row['sign'] ? ` ${row['sign']}` : '';
        records.set(`${row['partition']}/${row['offset']}`, `${row['member']}${sign}`);
      }
      if ('state' in row) marks.set(`${row['state']} ${row['partition']}`, row['known'] as number);
      const isOwner = 'until' in row && row['to'] !== row['from'] && row['member'] !== 'nobody';
      const goesOn = (row['to'] as number) > t || row['to'] === this.steps.last;
      if (isOwner && goesOn && !String(row['lane']).endsWith(' is idle'))
        owners.add(`${row['lane']}: ${row['member']}`);
      if ('lag' in row && (row['time'] as number) >= newest)
        [lag, newest] = [row['lag'] as number, row['time'] as number];
    }
    return { records: sorted(records), marks: sorted(marks), owners: [...owners].sort(), lag };
  }

  rows(): Row[] {
    return [...new Set(this.sources.flatMap((name) => this.view.data(name) as Row[]))];
  }

  close(): void {
    this.view.finalize();
  }
}

/** In the order of names, so that what differs is seen. */
export function sorted<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The data sets that marks are drawn from. */
function sourcesOf({ from, marks = [] }: Mark): string[] {
  return [...(from?.data ? [from.data] : []), ...marks.flatMap(sourcesOf)];
}
