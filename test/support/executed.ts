import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../lib/src/charts/drawing/display.ts';
import { charts } from '../../lib/src/charts/index.ts';
import { ON_STAGE } from '../../lib/src/host.ts';
import type { Cell, Output } from '../../lib/src/slides/notebook.ts';
import { History, scalingHistory } from './history.ts';

/** What somebody may write into a record to harm whoever looks at it. */
export const HOSTILE =
  '"><img src=x onerror=alert(1)><script>alert(2)</script></script>](javascript:alert(3)) \u001b[31mred\u001b[0m \u0007';

const text = (value: string): Output => ({ data: { 'text/plain': value } });

const code = (id: string, source: string, outputs: Output[] = []): Cell => ({
  ...{ id, cell_type: 'code', source, outputs, metadata: {} },
});
const prose = (id: string, source: string): Cell => ({
  ...{ id, cell_type: 'markdown', source, metadata: {} },
});

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** A notebook with everything that a cell can show, among it what hostile records hold. */
export function executedNotebook(): Promise<{ cells: Cell[]; metadata: object }> {
  drawn ??= draw();
  return drawn;
}

let drawn: ReturnType<typeof draw> | undefined;

async function draw(): Promise<{ cells: Cell[]; metadata: object }> {
  const { ledger, topic, group } = scalingHistory();
  const evil = hostileHistory();
  const shown = async (chart: Parameters<typeof bundle>[0]): Promise<Output> => ({
    data: await bundle(chart),
  });
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(4)"><script>alert(5)</script></svg>`;
  const cells = [
    prose(
      'title',
      '# 98 · Everything\n\nIt takes ten minutes. A [link](05-scaling.ipynb) and [another](97-none.ipynb).',
    ),
    prose('idea', '## The idea\n\n| word | meaning |\n|---|---|\n| **log** | a `log` |'),
    code('replay', 'charts.replay(lab.ledger, { topic, group })', [
      await shown(charts.replay(ledger, { topic, group })),
    ]),
    code('lanes', 'charts.assignment(lab.ledger, { group }) // <b>&amp;</b>', [
      await shown(charts.assignment(ledger, { group })),
    ]),
    code('lag', 'charts.lag(lab.ledger, { topic, groups: [group] })', [
      await shown(charts.lag(ledger, { topic, groups: [group] })),
    ]),
    prose('hostile', '## Hostile records'),
    code('hostile-charts', 'charts.log(lab.ledger, { topic, group })', [
      await shown(charts.log(evil.ledger, { topic: evil.topic, group: evil.group })),
      await shown(charts.replay(evil.ledger, { topic: evil.topic, group: evil.group })),
      await shown(charts.ledger(evil.ledger, { topic: evil.topic, group: evil.group })),
    ]),
    code('hostile-text', 'messages', [
      text(HOSTILE),
      { text: HOSTILE },
      {
        data: { 'text/markdown': `**${HOSTILE}** ![x](http://127.0.0.1:1/x.png)\n\n# ${HOSTILE}` },
      },
      { data: { 'image/svg+xml': drawing, 'text/plain': HOSTILE } },
      { data: { 'text/html': '<script>alert(6)</script>', 'text/plain': 'as text' } },
    ]),
    code('failed', 'throw new Error()', [
      { traceback: ['\u001b[31m\u001b[1mError\u001b[0m: no', `    at ${HOSTILE}`] },
    ]),
    code('picture', 'png', [{ data: { 'image/png': PIXEL, 'text/plain': 'a pixel' } }]),
    prose('turn', '## Your turn\n\n### A task'),
    code('compare', 'compare(guess, 3)', [
      {
        data: { 'text/markdown': '**You made no prediction, and that is fine.**' },
        metadata: { [ON_STAGE]: { 'text/markdown': '| | happened |\n|---|---|\n| records | 3 |' } },
      },
    ]),
    code('exercise', 'exercise()', [
      { data: { 'text/plain': 'Not yet: it holds.' }, metadata: { [ON_STAGE]: {} } },
    ]),
    prose('help', '<details><summary>Solution</summary>\n\n```ts\nsolved();\n```\n\n</details>'),
  ];
  return { cells, metadata: {} };
}

function hostileHistory() {
  const history = new History(HOSTILE, 'orders');
  history.record(0, 'produced', HOSTILE, 0, 0, HOSTILE, HOSTILE);
  history.member(1, 'joined', HOSTILE, [0]).record(2, 'delivered', HOSTILE, 0, 0, HOSTILE);
  history.record(3, 'processed', HOSTILE, 0, 0, HOSTILE).commit(4, HOSTILE, 0, 1);
  return history;
}

/** Writes it to a folder as `98-everything`. @returns its name */
export async function writeExecuted(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '98-everything.ipynb'), JSON.stringify(await executedNotebook()));
  return '98-everything';
}
