import { plain } from '../text/headings.js';
import { hrefOf } from './parts.js';

/** What is found: where it is, under which heading of which notebook, and its words. */
export type Found = [href: string, title: string, heading: string, words: string];

/** A page by its headings, each with the words up to the next. */
export function searchable(name: string, title: string, html: string): Found[] {
  return html
    .split(/(?=<h[1-3] id=")/)
    .filter((part) => part.startsWith('<h'))
    .map((part) => {
      const [head = '', id = '', heading = ''] =
        /^<h\d id="([^"]*)">([\s\S]*?)<\/h\d>/.exec(part) ?? [];
      const href = `${hrefOf({ name })}#${encodeURIComponent(plain(id))}`;
      return [href, title, plain(heading), plain(part.slice(head.length))];
    });
}

/** As a script: a page from a disk may run one, and may load no data. */
export function searchScript(found: readonly Found[]): string {
  const json = JSON.stringify(found)
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return `globalThis.kafkaLabSearch = ${json};\n`;
}
