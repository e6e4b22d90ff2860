import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { installed, labDir } from '../../../lib/src/paths.ts';
import { ROOT } from '../../support/command.ts';

type AddText = (at: number, added: string, before: string) => { text: string; index: number };

/** JupyterLab's own function for text that is added to an output, out of the JupyterLab that set-up has installed. */
function jupyterLabs(): AddText {
  const folder = join(labDir, 'venv', 'share', 'jupyter', 'lab', 'static');
  const core = readdirSync(folder).find((file) => /^jlab_core\.\w+\.js$/.test(file)) as string;
  const source = /function t\(e,t,i\)\{let n=e\.slice\(i\)\.search.*?return\{text:n,index:r\}\}/s;
  const [functions] = source.exec(readFileSync(join(folder, core), 'utf8')) ?? [];
  if (!functions) throw new Error(`${core} has its text from another function: find it anew`);
  return new Function(`${functions}; return i;`)() as AddText;
}

function inJupyterLab(pieces: string[]): string {
  const add = jupyterLab;
  return pieces.reduce((state, piece) => add(state.index, piece, state.text), add(0, '', '')).text;
}
const jupyterLab = jupyterLabs();

/** lib/python/outputs.py, on many cells' pieces at once. */
function headless(cells: string[][]): string[] {
  const script = `
import json, sys
sys.path.insert(0, ${JSON.stringify(join(ROOT, 'lib', 'python'))})
from outputs import merged
stream = lambda text: {"output_type": "stream", "name": "stdout", "text": text}
print(json.dumps([merged([stream(t) for t in cell])[0]["text"] for cell in json.load(sys.stdin)]))`;
  const input = JSON.stringify(cells);
  const options = { input, encoding: 'utf8', maxBuffer: 2 ** 28, timeout: 30_000 } as const;
  return JSON.parse(execFileSync(installed().python, ['-I', '-c', script], options));
}

test('an executed copy shows the text that JupyterLab shows, however it was written over', () => {
  const piece = fc.string({
    unit: fc.constantFrom('a', 'b', 'é', '\r', '\b', '\n'),
    maxLength: 12,
  });
  const cells = fc.sample(fc.array(piece, { minLength: 1, maxLength: 6 }), 2000);
  cells.push(['10 %\r', '20 %\r', '100 %\r\n', 'done'], ['abc\b\b', 'x'], ['one\r\n\rtwo\r']);
  expect(headless(cells)).toEqual(cells.map(inJupyterLab));
});

test('text of two million characters takes no time by its square', { timeout: 40_000 }, () => {
  const million = 1_000_000;
  const much: [what: string, written: string[], shown: string][] = [
    ['a line', ['y'.repeat(2 * million)], 'y'.repeat(2 * million)],
    ['pieces', Array.from({ length: 60_000 }, () => 'y'.repeat(32)), 'y'.repeat(32 * 60_000)],
    ['lines', ['y\n'.repeat(million)], 'y\n'.repeat(million)],
    ['returns', [`${'y'.repeat(million)}${'\ry'.repeat(million / 2)}`], 'y'.repeat(million)],
    // JupyterLab takes away two characters for each.
    ['backspaces', [`${'y'.repeat(million)}\r${'x\b'.repeat(million / 2 - 1)}`], 'yy'],
    ['colours', ['\x1b[31my\x1b[0m\r'.repeat(200_000)], '\x1b[31my\x1b[0m'],
  ];
  const got = headless(much.map(([, written]) => written));
  // The texts themselves would fill the report.
  expect(much.filter(([, , shown], i) => got[i] !== shown).map(([what]) => what)).toEqual([]);
});
