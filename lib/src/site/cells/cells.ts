import { escaped } from '../../pages/html.js';
import { type Cell, sourceOf } from '../../slides/notebook.js';
import { highlighted } from '../text/code.js';
import type { Markdown } from '../text/markdown.js';
import { output } from './outputs.js';

/** A cell of an executed notebook as HTML: what is written in it, and what it has shown. */
export async function cellHtml(cell: Cell, text: Markdown): Promise<string> {
  const id = escaped(`cell-${cell.id}`);
  if (cell.cell_type !== 'code')
    return `<section class="prose" id="${id}">\n${folded(text.prose(sourceOf(cell)))}</section>\n`;
  const source = `<div class="source">${highlighted(sourceOf(cell), 'ts')}</div>`;
  const shown: string[] = [];
  for (const [i, one] of (cell.outputs ?? []).entries())
    shown.push(await output(one, `${id}-${i}`, text));
  const outputs = shown.length > 0 ? `\n<div class="outputs">${shown.join('\n')}</div>` : '';
  return `<section class="code" id="${id}">\n${source}${outputs}\n</section>\n`;
}

/** Hints and solutions are folded; what begins and ends one stands alone in its paragraph. */
function folded(html: string): string {
  return html.replace(/<p>(<\/?details>)<\/p>/g, '$1');
}
