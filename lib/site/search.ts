import { loaded } from './scripts';

type Found = [href: string, title: string, heading: string, words: string];
const index = globalThis as { kafkaLabSearch?: Found[] };

/** So many are shown. */
const MOST = 12;
/** A word in a heading counts as often as so many in the text, and those in the text so many times at most. */
const IN_HEADING = 5;
const MOST_IN_TEXT = 4;

/** The search of the page's head; what is searched is loaded when somebody comes to it. */
export function search(): void {
  const field = document.getElementById('search') as HTMLInputElement;
  const list = document.getElementById('found') as HTMLOListElement;
  const says = document.getElementById('search-says') as HTMLElement;
  (field.parentElement as HTMLElement).hidden = false;
  const show = async () => {
    const isLoaded = await load();
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = words.length > 0 ? matching(words) : [];
    list.replaceChildren(...found.map(item));
    list.hidden = found.length === 0;
    const sentence = isLoaded ? saying(found.length) : NOT_LOADED;
    says.textContent = words.length === 0 ? '' : sentence;
    says.classList.toggle('unseen', words.length === 0 || found.length > 0);
  };
  field.addEventListener('focus', () => void load());
  field.addEventListener('input', () => void show());
  field.parentElement?.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    field.value = '';
    field.focus();
    void show();
  });
  document.addEventListener('click', ({ target }) => {
    if (!field.parentElement?.contains(target as Node)) list.hidden = true;
  });
}

const NOT_LOADED = 'The search could not be loaded. Type again to try once more.';
const saying = (found: number) => (found > 0 ? `${found} places` : 'Nothing found');

/** Whether what is searched is there. */
const load = () =>
  loaded('search.js').then(
    () => true,
    () => false,
  );

function matching(words: readonly string[]): Found[] {
  return (index.kafkaLabSearch ?? [])
    .map((found) => ({ found, score: scoreOf(found, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ found }) => found);
}

/** 0 unless all words are there. */
function scoreOf([, , heading, text]: Found, words: readonly string[]): number {
  const scores = words.map((word) => {
    const inHeading = heading.toLowerCase().includes(word) ? IN_HEADING : 0;
    return inHeading + Math.min(MOST_IN_TEXT, text.toLowerCase().split(word).length - 1);
  });
  return scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, 0);
}

function item([href, title, heading]: Found): HTMLLIElement {
  const [entry, link, where] = ['li', 'a', 'small'].map((name) => document.createElement(name));
  (link as HTMLAnchorElement).href = href;
  (where as HTMLElement).textContent = title;
  link?.append(heading, where as HTMLElement);
  entry?.append(link as HTMLElement);
  return entry as HTMLLIElement;
}
