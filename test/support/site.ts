import { stripVTControlCharacters } from 'node:util';
import { ON_STAGE } from '../../lib/src/host.ts';
import type { Output } from '../../lib/src/slides/notebook.ts';

/** The sections of a page, one a cell: what is written in it, and what it has shown. */
export function sectionsOf(page: string): { id: string; html: string; outputs: string }[] {
  const sections = page.matchAll(/<section class="\w+" id="cell-([^"]+)">([\s\S]*?)<\/section>/g);
  return [...sections].map(([, id = '', inside = '']) => {
    const [html = '', outputs = ''] = inside.split('<div class="outputs">');
    return { id, html, outputs };
  });
}

const ENTITIES: Record<string, string> = {
  ...{ '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#x27;': "'", '&amp;': '&' },
};

/** What a reader reads, with what is said of images. */
export function textOfHtml(html: string): string {
  return html
    .replace(/<(svg|script)\b[\s\S]*?<\/\1>/g, ' ')
    .replace(/<img\b[^>]*\balt="([^"]*)"[^>]*>/g, ' $1 ')
    .replace(/<\/?(?:a|b|code|em|span|strong)\b[^>]*>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(?:lt|gt|quot|amp|#39|#x27);/g, (entity) => ENTITIES[entity]!);
}

/** The words of an author's Markdown, without where links lead, in which language code is, and the numbers of lists. */
export function wordsOfMarkdown(source: string): string[] {
  const shown = source
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/^```\w+/gm, '')
    .replace(/^[ >]*\d+\. /gm, '')
    .replace(/<\/?(details|summary)>/g, ' ');
  return wordsOf(shown);
}

/** What cells have shown, as a page has to have it: its words, and how many pictures. */
export function shownBy(outputs: readonly Output[] = []): { words: string[]; pictures: number } {
  const staged = outputs.map(
    (one): Output =>
      one.metadata?.[ON_STAGE]
        ? { data: one.metadata[ON_STAGE] as NonNullable<Output['data']> }
        : one,
  );
  const told = ({ data = {}, text, traceback }: Output) =>
    [text ?? traceback ?? data['text/markdown'] ?? data['text/plain'] ?? ''].flat().join('');
  const words = stripVTControlCharacters(staged.map(told).join('\n'));
  return {
    // In Markdown, brackets are written by their numbers.
    words: wordsOf(words.replace(/&#\d+;/g, ' ')),
    pictures: staged.filter(({ data }) => data?.['image/svg+xml']).length,
  };
}

/** The same of a section of a page. What the site itself says there is no part of it. */
export function shownIn(outputs: string): ReturnType<typeof shownBy> {
  const own = outputs.replace(/<p class="aside">.*?<\/p>/g, '');
  const pictures = own.match(/<figure class="chart">/g) ?? [];
  return { words: wordsOf(textOfHtml(own)), pictures: pictures.length };
}

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];
