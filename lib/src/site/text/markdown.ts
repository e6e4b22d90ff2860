import type { RendererObject, Tokens } from 'marked' with { 'resolution-mode': 'import' };
import { escaped } from '../../pages/html.js';
import { highlighted } from './code.js';
import type { Headings } from './headings.js';

/** Where what a notebook names is on the site. */
export interface Places {
  /** Of a link; undefined: it leads nowhere from here, and only its text stays. */
  link(href: string): string | undefined;
  /** What an image element says of where the drawing is, and of its size; undefined: it is not here, and its words stay. */
  drawing(path: string): string | undefined;
}

export interface Markdown {
  /** Of an author: with the HTML in it. */
  prose(source: string): string;
  /** Of an output, which may hold what messages say: HTML in it is text, and no picture is loaded. */
  output(source: string): string;
}

/** Makes HTML of the Markdown of one page. */
export async function markdown(headings: Headings, places: Places): Promise<Markdown> {
  // An ES module: a CommonJS module cannot require it in each version of Node.js.
  const { Marked } = await import('marked');
  const prose = new Marked({ renderer: { ...common(), ...ofProse(headings, places) } });
  const output = new Marked({ renderer: { ...common(), ...OF_OUTPUT } });
  return {
    prose: (source) => prose.parse(source, { async: false }),
    output: (source) => output.parse(source, { async: false }),
  };
}

const common = (): RendererObject => ({
  code: ({ text, lang }: Tokens.Code) => `<div class="source">${highlighted(text, lang)}</div>\n`,
  table({ header, rows }: Tokens.Table) {
    const row = (cells: Tokens.TableCell[], name: string) =>
      `<tr>${cells.map(({ tokens }) => `<${name}>${this.parser.parseInline(tokens)}</${name}>`).join('')}</tr>`;
    const head = header.some(({ text }) => text) ? `<thead>${row(header, 'th')}</thead>` : '';
    const body = rows.map((cells) => row(cells, 'td')).join('\n');
    return `<div class="wide"><table>${head}<tbody>${body}</tbody></table></div>\n`;
  },
});

const ofProse = (headings: Headings, places: Places): RendererObject => ({
  heading({ depth, tokens }: Tokens.Heading) {
    return headings.add(depth, this.parser.parseInline(tokens));
  },
  link({ href, tokens }: Tokens.Link) {
    const text = this.parser.parseInline(tokens);
    const place = places.link(href);
    return place === undefined ? text : `<a href="${escaped(place)}">${text}</a>`;
  },
  image({ href, text }: Tokens.Image) {
    const place = places.drawing(href);
    return place ? `<img ${place} alt="${escaped(text)}">` : escaped(text);
  },
});

const OF_OUTPUT: RendererObject = {
  html: ({ text }: Tokens.HTML | Tokens.Tag) => escaped(text),
  image: ({ text }: Tokens.Image) => escaped(text),
  // The outline of the page is its author's.
  heading({ tokens }: Tokens.Heading) {
    return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>\n`;
  },
  link({ href, tokens }: Tokens.Link) {
    const text = this.parser.parseInline(tokens);
    return /^https?:\/\//.test(href) ? `<a href="${escaped(href)}">${text}</a>` : text;
  },
};
