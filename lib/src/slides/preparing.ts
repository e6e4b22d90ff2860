import { ON_STAGE } from '../host.js';
import { marked } from './marking.js';
import { type Cell, type Notebook, type Output, sourceOf } from './notebook.js';

export interface SlideOptions {
  /** Whether solutions are shown; else they are not in the page at all. */
  solutions: boolean;
  /** Names of the notebooks that have slides beside these: links lead there. */
  others: readonly string[];
}

/** An executed notebook as its slides are to show it. */
export function prepared(notebook: Notebook, options: SlideOptions): Notebook {
  const { cells, ...rest } = marked(notebook);
  return {
    ...rest,
    cells: cells.flatMap((cell) => {
      if (cell.cell_type === 'code')
        return [{ ...cell, outputs: (cell.outputs ?? []).flatMap(shown) }];
      return withSolution(cell, options.solutions).map((part) => linked(part, options.others));
    }),
  };
}

/**
 * What a slide shows of an output. What speaks to the person at the notebook says itself what stands on a stage; and
 * static pages show a chart's picture: what draws the interactive one would only make them large.
 */
function shown(output: Output): Output[] {
  if (!output.data) return [output];
  const onStage = output.metadata?.[ON_STAGE] as Output['data'];
  const { 'application/vnd.vegalite.v5+json': _, ...data } = onStage ?? output.data;
  return Object.keys(data).length > 0 ? [{ ...output, data }] : [];
}

const DETAILS = /<details>\s*<summary>([^<]*)<\/summary>([\s\S]*?)<\/details>\s*/g;

/** Takes solutions out of the text, and gives them a slide of their own if they are wanted. */
function withSolution(cell: Cell, isShown: boolean): Cell[] {
  const solutions: string[] = [];
  const rest = sourceOf(cell).replace(DETAILS, (whole, summary: string, content: string) => {
    if (!/^\s*solution/i.test(summary)) return whole;
    solutions.push(`### ${summary.trim()}\n\n${content.trim()}\n`);
    return '';
  });
  if (solutions.length === 0) return [cell];
  const left = { ...cell, source: rest };
  if (!isShown) return [left];
  const metadata = { slideshow: { slide_type: 'subslide' as const } };
  return [
    left,
    ...solutions.map((source, i) => ({ ...cell, id: `${cell.id}-${i}`, source, metadata })),
  ];
}

/** Links to other notebooks become links to their slides, or plain text where there are none. */
function linked(cell: Cell, others: readonly string[]): Cell {
  const source = sourceOf(cell).replace(
    /\[([^\]]*)\]\(([\w-]+)\.ipynb(#[^)]*)?\)/g,
    (_, text: string, name: string) => (others.includes(name) ? `[${text}](${name}.html)` : text),
  );
  return { ...cell, source };
}
