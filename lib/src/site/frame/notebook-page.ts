import { escaped } from '../../pages/html.js';
import type { Heading } from '../text/headings.js';
import { pageHtml } from './page.js';
import { type Entry, hrefOf, type Part } from './parts.js';

export interface NotebookPage {
  entry: Entry;
  parts: readonly Part[];
  /** One a cell. */
  cells: readonly string[];
  headings: readonly Heading[];
  /** The address of the project, if it is known. */
  repository: string | undefined;
}

/** The page of a notebook: its cells in their order, and the way to run them. */
export function notebookPage(page: NotebookPage): string {
  const { entry, parts, cells, headings } = page;
  const [first = '', ...rest] = cells;
  const isRun = rest.some((cell) => cell.startsWith('<section class="code"'));
  const recorded = isRun ? RECORDED : '';
  const main = [first, recorded, ...rest, toRun(page, isRun), neighbours(entry, parts)].join('\n');
  return pageHtml({
    title: `${entry.title} · Kafka Learning Lab`,
    description: entry.shows || entry.title,
    before: courseList(entry, parts),
    main,
    after: outline(headings),
  });
}

const RUN = 'run-it';

const RECORDED = `<p class="aside recorded">Everything below each cell was recorded when it ran against a real Kafka. <a href="#${RUN}">Run it yourself</a></p>`;

const RUNS =
  'This page is a notebook of the Kafka Learning Lab: you can run it, change its cells, make predictions and solve its exercises.';
const READS =
  'This page is to be read. The lessons run: change their cells, make predictions and solve their exercises.';

function toRun({ entry, repository }: NotebookPage, isRun: boolean): string {
  const clone = repository ? `git clone ${repository}\ncd ${repository.replace(/.*\//, '')}\n` : '';
  return `<aside class="run" aria-labelledby="${RUN}">
<h2 id="${RUN}">Run ${isRun ? 'it' : 'the lessons'} yourself</h2>
<p>${isRun ? RUNS : READS}
You need Node.js 20.19.4 or later and Python 3.10 or later; neither Java nor Docker.${repository ? '' : ' In a copy of the project:'}</p>
<div class="source"><pre><code>${escaped(`${clone}npm start`)}</code></pre></div>
<p>JupyterLab opens in your browser. This page is there as <code>${escaped(entry.name)}.ipynb</code>.</p>
</aside>`;
}

const minutesOf = ({ minutes }: Entry) => (minutes ? ` <small>${minutes} min</small>` : '');

function courseList(here: Entry, parts: readonly Part[]): string {
  const item = (entry: Entry) =>
    `<li><a href="${hrefOf(entry)}"${entry === here ? ' aria-current="page"' : ''}>${escaped(entry.title)}</a>${minutesOf(entry)}</li>`;
  const lists = parts.map(
    ({ title, entries }) => `<p>${escaped(title)}</p>\n<ol>${entries.map(item).join('\n')}</ol>`,
  );
  return `<nav class="course" aria-label="The course">\n${lists.join('\n')}\n</nav>`;
}

function outline(headings: readonly Heading[]): string {
  const items = headings
    .filter(({ level }) => level === 2)
    .map(
      ({ id, text }) =>
        `<li><a href="#${escaped(encodeURIComponent(id))}">${escaped(text)}</a></li>`,
    );
  return `<nav class="outline" aria-label="On this page">\n<ol>${items.join('\n')}</ol>\n</nav>`;
}

function neighbours(here: Entry, parts: readonly Part[]): string {
  const all = parts.flatMap(({ entries }) => entries);
  const at = all.indexOf(here);
  const link = (entry: Entry | undefined, rel: string, before: string, after: string) =>
    entry
      ? `<a rel="${rel}" href="${hrefOf(entry)}">${before}${escaped(entry.title)}${after}</a>`
      : '<span></span>';
  return `<nav class="neighbours" aria-label="Previous and next">
${link(all[at - 1], 'prev', '← ', '')}
<a href="index.html">Contents</a>
${link(all[at + 1], 'next', '', ' →')}
</nav>`;
}
