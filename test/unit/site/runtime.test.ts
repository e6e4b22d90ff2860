import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { beforeAll, expect, test } from 'vitest';
import { bundled } from '../../../lib/src/site/bundling.ts';
import { interactive } from '../../../lib/src/site/charts/interactive.ts';
import { ROOT } from '../../support/command.ts';

const pictures = join(ROOT, 'test', 'pictures');
const specs = readdirSync(pictures).filter((file) => file.endsWith('.json'));

let known: string[];
beforeAll(async () => {
  // Vega as it is in the pages, alone.
  const folder = mkdtempSync(join(tmpdir(), 'site '));
  const entry = join(folder, 'transforms.ts');
  writeFileSync(
    entry,
    `export { transforms } from 'vega';\nimport { transforms } from 'vega';\nglobalThis.transforms = Object.keys(transforms);`,
  );
  const context: { transforms: string[] } = { transforms: [] };
  runInNewContext(await bundled(entry), { ...globals(), globalThis: context });
  rmSync(folder, { recursive: true, force: true });
  known = context.transforms;
}, 120_000);

const globals = () => ({ console, setTimeout, clearTimeout });

/** The types of all transforms in a specification. */
function transformsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const own = 'transform' in part ? [part.transform].flat() : [];
  const types = own.map((one) => (one as { type?: string }).type?.toLowerCase() ?? '');
  return [...types.filter(Boolean), ...Object.values(part).flatMap(transformsIn)];
}

test.each(specs)(
  '%s: the Vega of the pages has all transforms that the chart needs',
  async (file) => {
    const needed = transformsIn(
      await interactive(JSON.parse(readFileSync(join(pictures, file), 'utf8'))),
    );
    expect([...new Set(needed)].filter((type) => !known.includes(type))).toEqual([]);
  },
);

test('what no chart needs is left out', () => {
  expect(known).toEqual(expect.arrayContaining(['aggregate', 'filter', 'flatten', 'stack']));
  expect(known).not.toEqual(expect.arrayContaining(['geoshape']));
  for (const type of ['force', 'geopath', 'wordcloud', 'voronoi', 'treemap'])
    expect(known).not.toContain(type);
});
