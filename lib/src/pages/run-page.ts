import { drawSvg } from '../charts/drawing/svg.js';
import { type Chart, charts } from '../charts/index.js';
import type { Ledger } from '../ledger/index.js';
import { escaped, withoutControls } from './html.js';
import { moving, policy, runtime } from './moving.js';
import { STYLE } from './style.js';
import type { Subject } from './subjects.js';

export interface PageOptions {
  title: string;
  subjects: readonly Subject[];
}

/**
 * A page of a run as HTML: its charts as pictures, with what they say, and a replay with a slider. It needs
 * nothing else, and runs nothing but Vega.
 */
export async function runPage(ledger: Ledger, { title, subjects }: PageOptions): Promise<string> {
  const sections: string[] = [];
  for (const subject of subjects) sections.push(await sectionOf(ledger, subject));
  const cut =
    ledger.keptFrom > 0
      ? '<p>This run was long: of its beginning there are sums only, and charts say so.</p>'
      : '';
  return withoutControls(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<h1>${escaped(title)}</h1>
${cut}${sections.join('\n')}
${runtime()}
</html>
`);
}

async function sectionOf(ledger: Ledger, { topic, group }: Subject): Promise<string> {
  const drawn: Chart[] = [
    charts.assignment(ledger, { group }),
    charts.log(ledger, { topic, group }),
    charts.lag(ledger, { topic, groups: [group] }),
  ];
  const figures = await Promise.all(drawn.map((chart) => figureOf(chart)));
  const replay = charts.replay(ledger, { topic, group });
  figures.unshift(await figureOf(replay, await moving(replay.spec)));
  return `<h2>Topic ${escaped(topic)}, group ${escaped(group)}</h2>\n${figures.join('\n')}`;
}

async function figureOf({ spec, text }: Chart, more = ''): Promise<string> {
  return `<figure><div>${await drawSvg(spec)}</div>${more}<figcaption>${escaped(text)}</figcaption></figure>`;
}
