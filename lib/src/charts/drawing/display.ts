import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { host } from '../../host.js';
import { pause } from '../../waiting.js';
import type { Chart } from './chart.js';
import { fitted } from './fitted.js';
import { toSvg } from './render.js';

/** A chart that shows itself when it is the last value of a cell. */
export interface ShownChart extends Chart {
  [key: symbol]: () => unknown;
}

/** Lets a chart show itself as the last value of a cell. What prints it prints its sentence. */
export function showing(chart: Chart): ShownChart {
  return {
    ...chart,
    [Symbol.for('Jupyter.display')]: () => bundle(chart),
    [inspect.custom]: () => {
      if (host().printsResults) host().display(interactive(chart));
      return chart.text;
    },
  };
}

/** What is there at once: whoever prints does not wait for a picture. */
function interactive({ spec, text }: Chart): Record<string, unknown> {
  return { 'application/vnd.vegalite.v5+json': fitted(spec), 'text/plain': text };
}

/** Vega-Lite for JupyterLab (interactive), SVG for everything else that draws, the sentence for logs. */
export async function bundle(chart: Chart): Promise<Record<string, unknown>> {
  return {
    'application/vnd.vegalite.v5+json': fitted(chart.spec),
    'image/svg+xml': await toSvg(chart),
    'text/plain': chart.text,
  };
}

/** As HTML, it becomes a part of JupyterLab's page, and follows its theme: an SVG stands there as an image, which cannot. */
const frameOf = (svg: string, text: string) => ({
  'text/html': svg,
  'image/svg+xml': svg,
  'text/plain': text,
});

/** Two frames a second: quick enough to follow. */
const SHORTEST_PAUSE_MS = 500;
/**
 * A pause is so many times as long as its frame took: the experiment needs the processor, too. Collecting garbage and compiling,
 * in other threads, take half as much again.
 */
const PAUSE_BY_FRAME = 12;
const LONGEST_PAUSE_MS = 1000;

/** How long to wait, in milliseconds, after a frame that took `took`: on a slow machine there are fewer. */
export function pauseAfter(took: number): number {
  return Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, took * PAUSE_BY_FRAME));
}

/**
 * Shows a chart while something happens, redrawn when it has changed, at most twice a second and with at most a
 * second in between. Ends with `until`, as the interactive chart; if `until` fails, so does this, with the last picture left
 * standing.
 */
export async function live(
  draw: () => Chart,
  { until }: { until: Promise<unknown> },
): Promise<void> {
  const id = randomUUID();
  const ended = new AbortController();
  const frames = drawFrames(draw, id, ended.signal);
  try {
    await until;
  } finally {
    ended.abort();
    await frames;
    host().display(await bundle(draw()), { id, update: true });
  }
}

async function drawFrames(draw: () => Chart, id: string, ended: AbortSignal): Promise<void> {
  let drawn = '';
  for (let frame = 0; !ended.aborted; frame++) {
    const began = performance.now();
    const chart = draw();
    if (frame === 0 || JSON.stringify(chart.spec) !== drawn) {
      drawn = JSON.stringify(chart.spec);
      // Frames are SVG: JupyterLab would rebuild an interactive chart with each of them.
      const svg = await toSvg(chart);
      host().display(frameOf(svg, chart.text), { id, update: frame > 0 });
    }
    await pause(pauseAfter(performance.now() - began), ended);
  }
}
