import type { WriteStream } from 'node:tty';
import { colours } from '../../charts/drawing/palette.js';

/** Text in the colour of a partition, or as it is where there is to be no colour. */
export type Paint = (partition: number, text: string) => string;

export const plain: Paint = (_, text) => text;

const PLACES = [...Array(6).keys()].map(String);
const { range: PALETTE } = colours(PLACES);

/** The colours of the charts, as well as the terminal can show them. None for a pipe or with NO_COLOR. */
export function painter(stream: WriteStream, env: NodeJS.ProcessEnv = process.env): Paint {
  if (!stream.isTTY || env['NO_COLOR'] || env['TERM'] === 'dumb') return plain;
  const trueColour =
    /^(truecolor|24bit)$/i.test(env['COLORTERM'] ?? '') || stream.getColorDepth(env) >= 24;
  const code = trueColour
    ? (rgb: Rgb) => `2;${rgb.join(';')}`
    : (rgb: Rgb) => `5;${nearest256(rgb)}`;
  const starts = PALETTE.map((colour) => `\x1b[38;${code(rgbOf(colour))}m`);
  return (partition, text) => `${starts[partition % starts.length]}${text}\x1b[39m`;
}

type Rgb = readonly [number, number, number];

function rgbOf(colour: string): Rgb {
  const part = (at: number) => parseInt(colour.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

/** The number of the nearest of xterm's 256 colours; the first 16 are left out, since every terminal sets its own. */
export function nearest256(rgb: Rgb): number {
  const distance = (n: number) =>
    xterm(n).reduce((sum, value, i) => sum + (value - rgb[i]!) ** 2, 0);
  let best = 16;
  for (let n = 17; n < 256; n++) if (distance(n) < distance(best)) best = n;
  return best;
}

function xterm(n: number): Rgb {
  if (n >= 232) return [8 + 10 * (n - 232), 8 + 10 * (n - 232), 8 + 10 * (n - 232)];
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step);
  const at = n - 16;
  return [level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6)];
}
