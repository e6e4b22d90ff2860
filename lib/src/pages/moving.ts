import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Spec } from '../charts/drawing/chart.js';

/** Puts in the place of each picture that has a specification beside it what Vega makes of that; without scripts the picture stays. */
const START = `
for (const told of document.querySelectorAll('script[type="application/json"]')) {
  const place = told.previousElementSibling;
  place.replaceChildren();
  const options = { container: place, renderer: 'svg', hover: true };
  void new vega.View(vega.parse(JSON.parse(told.textContent)), options).runAsync();
}
`;

const vega = () =>
  readFileSync(join(dirname(require.resolve('vega/package.json')), 'build', 'vega.min.js'), 'utf8');

/** Only these two scripts run, whatever else is in the page. Vega makes functions of the expressions of a specification. */
export function policy(): string {
  const sums = [vega(), START].map(
    (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-eval' ${sums.join(' ')}`;
}

export function runtime(): string {
  return `<script>${vega()}</script>\n<script>${START}</script>`;
}

/** A specification, compiled, as data in a page: nothing in it can end its element. */
export async function moving(spec: Spec): Promise<string> {
  const { compile } = await import('vega-lite');
  const json = JSON.stringify(compile(spec as never).spec).replaceAll('<', '\\u003c');
  return `<script type="application/json">${json}</script>`;
}
