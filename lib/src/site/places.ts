import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Places } from './text/markdown.js';

interface Known {
  /** Names of the notebooks that have a page. */
  names: readonly string[];
  /** The folder in which paths of drawings begin. */
  folder: string;
  /** The address of the project. */
  repository: string | undefined;
}

/** Where the site has what a notebook names: other notebooks are pages beside it, drawings lie where they lay. */
export function placesOf({ names, folder, repository }: Known): Places {
  return {
    link(href) {
      const [, name = '', anchor = ''] = /^([\w-]+)\.ipynb(#.*)?$/.exec(href) ?? [];
      if (name) return names.includes(name) ? `${name}.html${anchor}` : undefined;
      // Of a file beside the notebooks, the project has it.
      if (href.startsWith('../')) return repository && `${repository}/blob/HEAD/${href.slice(3)}`;
      return /^(#|https?:)/.test(href) ? href : undefined;
    },
    drawing(path) {
      const file = join(folder, path);
      if (!/^drawings\/[\w-]+\.svg$/.test(path) || !existsSync(file)) return undefined;
      return `src="${path}"${sizeOf(readFileSync(file, 'utf8'))}`;
    },
  };
}

/** So that the text below need not move when it is there. */
function sizeOf(svg: string): string {
  const [, width, height] = /<svg [^>]*?width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  return width ? ` width="${width}" height="${height}"` : '';
}
