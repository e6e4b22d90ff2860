import type { Steps } from './steps.js';

/** How often it moves while it is played, in milliseconds: through all steps in some sixteen seconds at most. */
const TICK = 80;

const tick = { type: 'timer', throttle: TICK };

/**
 * The one moment that all panels show, in seconds since the start, as a slider; a box that lets it go on by itself, from the start
 * if it is at its end. Vega-Lite hands what a parameter says of events to Vega as it is; at a tick Vega asks in this order, so
 * that the box sees where the slider has come to.
 */
export function paramsOf({ size, last }: Steps): object[] {
  const next = `min(${last}, round((t + ${size}) * 100) / 100)`;
  return [
    {
      ...{ name: 't', value: last },
      bind: { input: 'range', min: 0, max: last, step: size, name: 'seconds' },
      on: [{ events: tick, update: `play ? (t < ${last} ? ${next} : 0) : t` }],
    },
    {
      ...{ name: 'play', value: false, bind: { input: 'checkbox', name: 'play' } },
      on: [{ events: tick, update: `play && t < ${last}` }],
    },
    { name: 'step', expr: `floor(t / ${size} + 0.001)` },
  ];
}
