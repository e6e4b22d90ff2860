import { GRID, INK, PAPER } from '../charts/drawing/chart.js';

/** Those of the dark page; all other colours of charts are legible on both. */
const DARK = { paper: '#111111', ink: '#e3e3e3', grid: '#3a3a3a' };

/** Pictures are drawn dark on white, and stand in the colours of the page: their paper, ink and grid are known by their colours. */
export const PICTURES = `figure svg { max-width: 100%; height: auto; background-color: transparent !important; }
figure svg > rect { fill: none; }
figure svg [stroke="${PAPER}"] { stroke: var(--paper); }
figure svg [stroke="${GRID}"] { stroke: var(--grid); }
figure svg [fill="${INK}"] { fill: var(--ink); }
figure svg [stroke="${INK}"] { stroke: var(--ink); }
`;

export const STYLE = `
:root { color-scheme: light dark; --paper: ${PAPER}; --ink: ${INK}; --grid: ${GRID}; }
@media (prefers-color-scheme: dark) {
  :root { --paper: ${DARK.paper}; --ink: ${DARK.ink}; --grid: ${DARK.grid}; }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 760px; margin: 2em auto; padding: 0 1em; }
h1, h2 { line-height: 1.2; overflow-wrap: anywhere; }
figure { margin: 1.5em 0 2.5em; }
${PICTURES}input[type='range'] { width: 60%; margin: 0 0.5em; vertical-align: middle; }
figcaption { overflow-wrap: anywhere; }
`;
