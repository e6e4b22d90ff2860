import type { Spec } from '../../charts/drawing/chart.js';
import { ON_STAGE } from '../../host.js';
import { escaped } from '../../pages/html.js';
import type { Output } from '../../slides/notebook.js';
import { interactive } from '../charts/interactive.js';
import { picture } from '../charts/picture.js';
import { replayOf, withoutInputs } from '../charts/replay.js';
import type { Markdown } from '../text/markdown.js';
import { printed } from '../text/terminal.js';

const CHART = 'application/vnd.vegalite.v5+json';
const SVG = 'image/svg+xml';

/** In place of what speaks to the person at the notebook. */
const OF_PREDICTION = 'In the notebook, your prediction stands beside this.';
const OF_EXERCISE = 'In the notebook, this cell says whether your solution does it.';

/** What a cell has shown, as HTML. `id` is its own on the page. */
export async function output(shown: Output, id: string, text: Markdown): Promise<string> {
  if (shown.traceback) return `<pre class="failed">${printed(shown.traceback.join('\n'))}</pre>`;
  if (shown.text !== undefined) return plain(joined(shown.text));
  const staged = shown.metadata?.[ON_STAGE] as Output['data'];
  if (!staged) return bundle(shown.data ?? {}, id, text);
  const isEmpty = Object.keys(staged).length === 0;
  const note = `<p class="aside">${isEmpty ? OF_EXERCISE : OF_PREDICTION}</p>`;
  return `${isEmpty ? '' : await bundle(staged, id, text)}${note}`;
}

/** The best of what a bundle offers. HTML is not taken: it could do more than show something. */
async function bundle(
  data: NonNullable<Output['data']>,
  id: string,
  text: Markdown,
): Promise<string> {
  if (data[SVG]) return figure(data, id);
  for (const type of ['image/png', 'image/jpeg'])
    if (data[type]) return image(type, joined(data[type]), joined(data['text/plain']));
  const source = joined(data['text/markdown']);
  if (source) return `<div class="shown">${text.output(source)}</div>`;
  return plain(joined(data['text/plain']));
}

/** Lines of a table that wrap cannot be read: it scrolls, by keyboard too. */
function plain(text: string): string {
  const isTable = text.includes('┌─');
  return `<pre${isTable ? ' class="table" tabindex="0"' : ''}>${printed(text)}</pre>`;
}

function image(type: string, data: string, text: string): string {
  const bytes = data.replace(/[^\w+/=]/g, '');
  return `<figure><img src="data:${type};base64,${bytes}" alt="${escaped(text)}"></figure>`;
}

/** A picture, what draws it anew where scripts run, and what it says. */
async function figure(data: NonNullable<Output['data']>, id: string): Promise<string> {
  const caption = `${id}-says`;
  const chart = data[CHART] as Spec | undefined;
  const drawn = picture(joined(data[SVG]), { id, caption });
  const says = `<figcaption id="${caption}">${printed(joined(data['text/plain']))}</figcaption>`;
  const told = chart ? await specification(chart) : '';
  return `<figure class="chart"><div class="picture">${drawn}</div>${told}${says}</figure>`;
}

/** As data: nothing in it can end its element. */
async function specification(chart: Spec): Promise<string> {
  const replay = replayOf(chart);
  const vega = await interactive(chart);
  const told = replay ? { vega: withoutInputs(vega), replay } : { vega };
  const json = JSON.stringify(told).replaceAll('<', '\\u003c');
  return `<script type="application/json">${json}</script>`;
}

function joined(text: unknown): string {
  return [text ?? ''].flat().join('');
}
