import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PAPER } from '../../../lib/src/charts/drawing/chart.ts';
import {
  colours,
  DOUBTFUL,
  labelInk,
  MOST_COLOURS,
  NOBODY,
  OTHERS,
  UNREAD,
} from '../../../lib/src/charts/drawing/palette.ts';
import { drawSvg } from '../../../lib/src/charts/drawing/svg.ts';
import { STYLE } from '../../../lib/src/pages/style.ts';
import { ROOT } from '../../support/command.ts';

type Triple = readonly [number, number, number];

/** White paper, and the ground of a notebook in JupyterLab's dark theme. */
const GROUNDS = ['#ffffff', '#111111'];
const { range } = colours(Array.from({ length: MOST_COLOURS }, (_, i) => `${i}`));
const MARKS = [...range, NOBODY, OTHERS, UNREAD, DOUBTFUL];

/** Red, green and blue by their light, 0 to 1. */
function light(hex: string): Triple {
  const part = (at: number) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** As WCAG 2.2 defines it: 1 to 21. */
function contrast(one: string, other: string): number {
  const [a, b] = [one, other].map((hex) => dot(light(hex), [0.2126, 0.7152, 0.0722]) + 0.05);
  return Math.max(a! / b!, b! / a!);
}

test.each(MARKS)('a mark in %s is seen on white and on dark: contrast 3 or more', (colour) => {
  for (const ground of GROUNDS) expect(contrast(colour, ground)).toBeGreaterThanOrEqual(3);
});

test('a label on a mark of any colour has a contrast of 4.5 or more', async () => {
  const names = MARKS.map((_, i) => `${i}`);
  const scale = { domain: names, range: MARKS };
  const svg = await drawSvg({
    data: { values: names.map((name) => ({ name })) },
    encoding: { x: { field: 'name', sort: names, axis: null } },
    layer: [
      { mark: 'bar', encoding: { color: { field: 'name', scale, legend: null } } },
      { mark: 'text', encoding: { text: { field: 'name' }, color: labelInk('name') } },
    ],
  });
  const inks = [...svg.matchAll(/<text [^>]*fill="(#\w{6})"/g)].map(([, ink]) => ink as string);
  expect(inks).toHaveLength(MARKS.length);
  for (const [i, mark] of MARKS.entries())
    expect.soft(contrast(inks[i]!, mark), `${inks[i]} on ${mark}`).toBeGreaterThanOrEqual(4.5);
});

/** How a colour looks to those who lack one kind of cone: Machado, Oliveira and Fernandes, 2009. */
const VISION: Record<string, readonly [Triple, Triple, Triple]> = {
  'red, green and blue': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'green and blue': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  'red and blue': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  'red and green': [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const through = (colour: Triple, rows: readonly [Triple, Triple, Triple]): Triple => [
  dot(colour, rows[0]),
  dot(colour, rows[1]),
  dot(colour, rows[2]),
];

/** Where equal distances look equally different: Oklab, by 100. */
function oklab(colour: Triple): Triple {
  const cones = through(colour, [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
  ]).map((cone) => 100 * Math.cbrt(cone)) as unknown as Triple;
  return through(cones, [
    [0.2104542553, 0.793617785, -0.0040720468],
    [1.9779984951, -2.428592205, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.808675766],
  ]);
}

test.each(Object.entries(VISION))(
  'no two colours look alike to eyes with cones for %s',
  (_, rows) => {
    const bounded = (part: number) => Math.min(1, Math.max(0, part));
    const seen = range.map((hex) =>
      oklab(through(light(hex), rows).map(bounded) as unknown as Triple),
    );
    for (const [i, one] of seen.entries()) {
      const others = seen
        .slice(0, i)
        .map((other) => Math.hypot(...one.map((c, k) => c - other[k]!)));
      // Of the first colours, which most charts have, none is nearer.
      const least = i < 8 ? 7.5 : 5;
      expect.soft(Math.min(99, ...others), `${range[i]} to those before`).toBeGreaterThan(least);
    }
  },
);

test.each([
  ['JupyterLab', readFileSync(join(ROOT, 'lib', 'jupyter', 'custom.css'), 'utf8')],
  ['the page of a run', STYLE],
])(
  'every colour of every stored picture is legible on both grounds, or follows the theme of %s',
  (_, css) => {
    const pictures = join(ROOT, 'test', 'pictures');
    const follows = (attribute: string, colour: string) =>
      css.includes(`[${attribute}="${colour}"]`) || ['none', 'transparent'].includes(colour);
    const isLegible = (colour: string) => GROUNDS.every((ground) => contrast(colour, ground) >= 3);
    const files = readdirSync(pictures).filter((name) => name.endsWith('.svg'));
    const found = files.flatMap((file) => {
      const svg = readFileSync(join(pictures, file), 'utf8');
      const [ground = ''] = /<rect [^>]*>/.exec(svg) ?? [];
      expect(ground, file).toContain(`fill="${PAPER}"`);
      const marks = svg
        .replace(ground, '')
        .replace(/(<text [^>]*fill=")#(ffffff|000000)"/g, '$1none"');
      return [...marks.matchAll(/ (fill|stroke)="([^"]+)"/g)]
        .filter(([, attribute, colour]) => !follows(attribute!, colour!) && !isLegible(colour!))
        .map(([said]) => `${file}:${said}`);
    });
    expect([...new Set(found)]).toEqual([]);
  },
);
