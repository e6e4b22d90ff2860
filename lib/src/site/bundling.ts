import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PICTURES } from '../pages/style.js';
import { root } from '../paths.js';
import type { Files } from './publishing.js';

/** What runs in the pages, and how they look; written for a browser. */
const BROWSER = join(root, 'lib', 'site');

/** Parts of Vega that no chart needs: a third of it. */
export const LEFT_OUT = [
  'crossfilter',
  'force',
  'geo',
  'hierarchy',
  'label',
  'regression',
  'voronoi',
  'wordcloud',
];

const SCRIPTS = ['theme', 'page', 'charts'];

/** The scripts and the style of the pages. */
export async function addAssets(files: Files): Promise<void> {
  for (const name of SCRIPTS)
    files.set(`assets/${name}.js`, await bundled(join(BROWSER, `${name}.ts`)));
  const styles = readdirSync(join(BROWSER, 'style')).toSorted();
  const style = styles.map((file) => readFileSync(join(BROWSER, 'style', file), 'utf8'));
  files.set('assets/site.css', [...style, PICTURES].join('\n'));
}

/** A script for pages, with all that it imports. `entry` is a file, by its absolute path. */
export async function bundled(entry: string): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    ...{ bundle: true, minify: true, write: false, legalComments: 'none' },
    ...{ format: 'iife', target: 'es2022', logLevel: 'silent' },
    alias: { vega: join('vega', 'build', 'vega.module.js') },
    plugins: [
      {
        name: 'left out',
        setup({ onResolve, onLoad }) {
          const filter = new RegExp(`^vega-(${LEFT_OUT.join('|')})$`);
          onResolve({ filter }, ({ path }) => ({ path, namespace: 'left-out' }));
          onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'export {};' }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}
