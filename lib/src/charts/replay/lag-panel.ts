import type { Moment } from '../../ledger/index.js';
import { INK } from '../drawing/chart.js';
import { FEW, upwards } from '../drawing/lines.js';
import { type Frame, NOW, overTime, panelTitle } from './frame.js';
import type { Steps } from './steps.js';

/** In pixels. */
const HEIGHT = 64;

/** The lag up to `t`. */
export function lagPanel(moments: readonly Moment[], steps: Steps, frame: Frame): object {
  const points = pointsOf(moments, steps);
  const lags = points.map(({ lag }) => lag);
  const columns = { time: points.map(({ time }) => time), lag: lags };
  return {
    title: panelTitle('lag: end minus committed'),
    width: frame.width,
    height: HEIGHT,
    layer: [
      {
        data: { values: [columns] },
        transform: [{ flatten: ['time', 'lag'] }, { filter: 'datum.time <= t' }],
        mark: { type: 'line', interpolate: 'step-after', color: INK, strokeWidth: 2 },
        encoding: {
          x: overTime('time', frame),
          y: upwards('lag', 'records', lags, FEW),
        },
      },
      NOW,
    ],
  };
}

interface Point {
  /** In seconds since the start. */
  time: number;
  lag: number;
}

/** The lag at each step, and its peaks between them where they would be seen: at most two points a step. */
function pointsOf(moments: readonly Moment[], { start, secondsOf }: Steps): Point[] {
  const visible = moments.reduce((most, { peak }) => Math.max(most, peak?.lag ?? 0), 0) / HEIGHT;
  return moments.flatMap(({ lag, peak }, step) => {
    const point = { time: secondsOf(step), lag };
    const before = moments[step - 1];
    const isPeak = before && peak && peak.lag > Math.max(lag, before.lag) + visible;
    return isPeak ? [pointAt(peak, start), point] : [point];
  });
}

const pointAt = ({ time, lag }: NonNullable<Moment['peak']>, start: number): Point => ({
  time: Math.round(time - start) / 1000,
  lag,
});
