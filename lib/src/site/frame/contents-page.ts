import { escaped } from '../../pages/html.js';
import { pageHtml } from './page.js';
import { type Entry, hrefOf, type Part } from './parts.js';

const INTRODUCTION = `<h1>Kafka Learning Lab</h1>
<p class="lead">Apache Kafka for people who know message queues. Each lesson is a notebook: it asks for a prediction, runs an experiment
against a real Kafka, and shows on charts what the broker and the consumers did. These pages are recorded runs: there is
nothing to install, and charts and replays can be moved and pointed at.</p>
<p>Every page says how to run its notebook yourself.</p>`;

interface Means {
  /** Paths of pictures, by notebook. */
  pictures: ReadonlyMap<string, string>;
  prose(markdown: string): string;
}

/** The contents: each notebook with its picture, how long it takes and what one sees in it. */
export function contentsPage(parts: readonly Part[], { pictures, prose }: Means): string {
  const card = (entry: Entry) => {
    const { name, title, minutes, shows } = entry;
    const picture = pictures.get(name);
    const image = picture ? `<img src="${escaped(picture)}" alt="">\n` : '';
    const length = minutes ? `<small>${minutes} minutes</small>\n` : '';
    return `<li><a href="${hrefOf(entry)}">${image}<span>${escaped(title)}</span></a>\n${prose(shows)}${length}</li>`;
  };
  const lists = parts.map(
    ({ title, entries }) =>
      `<h2>${escaped(title)}</h2>\n<ol class="cards">\n${entries.map(card).join('\n')}\n</ol>`,
  );
  return pageHtml({
    title: 'Kafka Learning Lab',
    description: 'Apache Kafka for people who know message queues, in recorded notebooks.',
    main: [INTRODUCTION, ...lists].join('\n'),
  });
}
