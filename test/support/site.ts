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
  return shown.match(/[\p{L}\p{N}]+/gu) ?? [];
}
