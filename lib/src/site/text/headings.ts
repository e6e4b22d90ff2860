export interface Heading {
  level: number;
  id: string;
  text: string;
}

/** The headings of one page, as they come. */
export class Headings {
  readonly all: Heading[] = [];

  /** A heading as HTML. Its id is made as JupyterLab makes it, so that links in notebooks lead to it; each is used once. */
  add(level: number, html: string): string {
    const text = plain(html);
    const wanted = text.replace(/\s+/g, '-');
    let id = wanted;
    for (let n = 2; this.all.some((other) => other.id === id); n++) id = `${wanted}-${n}`;
    this.all.push({ level, id, text });
    return `<h${level} id="${attribute(id)}">${html}</h${level}>\n`;
  }
}

const attribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** The text of HTML that was made here, in one line: without elements, pictures and data. */
export function plain(html: string): string {
  return html
    .replace(/<(svg|script)\b[\s\S]*?<\/\1>/g, ' ')
    .replace(/<\/?(?:b|i|em|strong|code|span|a)\b[^>]*>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ENTITIES[name] as string)
    .replace(/\s+/g, ' ')
    .trim();
}
