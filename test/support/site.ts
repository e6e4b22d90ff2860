/** The sections of a page, one a cell, without what cells have shown. */
export function sectionsOf(page: string): { id: string; html: string }[] {
  return [...page.matchAll(/<section class="\w+" id="cell-([^"]+)">([\s\S]*?)<\/section>/g)].map(
    ([, id = '', html = '']) => ({
      id,
      html: html.replace(/<div class="outputs">[\s\S]*$/, ''),
    }),
  );
}

const ENTITIES: Record<string, string> = {
  ...{ '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#x27;': "'", '&amp;': '&' },
};

/** What a reader reads, with what is said of images. */
export function textOfHtml(html: string): string {
  return html
    .replace(/<img\b[^>]*\balt="([^"]*)"[^>]*>/g, ' $1 ')
    .replace(/<\/?(?:a|b|code|em|span|strong)\b[^>]*>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(?:lt|gt|quot|amp|#39|#x27);/g, (entity) => ENTITIES[entity]!);
}

/** The words of an author's Markdown, without where links lead and in which language code is. */
export function wordsOfMarkdown(source: string): string[] {
  const shown = source
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/^```\w+/gm, '')
    .replace(/<\/?(details|summary)>/g, ' ');
  return shown.match(/[\p{L}\p{N}]+/gu) ?? [];
}
