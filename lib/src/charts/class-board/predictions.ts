import { count } from '../../words.js';
import { BRIEF, type Chart, chart, INK, NAMES, rows } from '../drawing/chart.js';
import { nothingYet } from '../drawing/rows.js';
import { leftOut, sentence, shown, telling } from '../drawing/words.js';

/** What a learner has predicted, as text; `of` says of what, where a lesson asks for more than one thing. */
export interface SharedPrediction {
  lesson: string;
  of: string;
  said: string;
  time: number;
}

export interface PredictionOptions {
  lesson: string;
  of?: string;
}

const MOST_ANSWERS = 20;
const ONE = '#0072b2';

/** How many learners have predicted what. Who did is not told. */
export function predictions(
  { predictions: all }: { predictions: readonly SharedPrediction[] },
  { lesson, of = '' }: PredictionOptions,
): Chart {
  const title = `What the class predicted in ${lesson}${of ? `: ${shown(of)}` : ''}`;
  const found = all.filter((one) => one.lesson === lesson && one.of === of);
  const answers = counted(found.map(({ said }) => said));
  const none = `0 predictions of ${lesson}${of ? `, ${shown(of)}` : ''} are shared.`;
  if (answers.length === 0) return chart(none, nothingYet(title, none));
  const drawn = telling(answers, MOST_ANSWERS, ({ learners }) => learners);
  const notes = leftOut(drawn.length, answers.length, 'prediction', 'those of the most learners');
  const y = { field: 'said', type: 'nominal', title: null, sort: null };
  const drawing = {
    title,
    height: rows(drawn.length, 26),
    data: { values: drawn },
    encoding: {
      y: { ...y, axis: { ...NAMES, ...BRIEF } },
      x: { field: 'learners', type: 'quantitative', title: 'learners', axis: { tickMinStep: 1 } },
      tooltip: [{ field: 'said', title: 'predicted' }, { field: 'learners' }],
    },
    layer: [
      { mark: { type: 'bar', color: ONE, height: 16 } },
      {
        mark: { type: 'text', align: 'left', dx: 5, color: INK, fontSize: 12 },
        encoding: { text: { field: 'learners' } },
      },
    ],
  };
  const text = sentence({
    items: answers,
    weight: ({ learners }) => learners,
    word: ({ said, learners }) => `${said} (${learners})`,
    say: (words) => `${title}, by ${count(found.length, 'learner')}: ${words.join(', ')}.`,
    notes,
  });
  return chart(text, drawing, notes);
}

/** Each thing that was said, with how many said it: numbers first, in their order; then what was said most. */
function counted(all: readonly string[]): { said: string; learners: number }[] {
  const found = new Map<string, number>();
  for (const said of all) found.set(shown(said), (found.get(shown(said)) ?? 0) + 1);
  const answers = [...found].map(([said, learners]) => ({ said, learners }));
  const place = (said: string) => (Number.isFinite(Number(said)) ? Number(said) : Infinity);
  return answers.sort((a, b) => {
    const [one, other] = [place(a.said), place(b.said)];
    if (one !== other) return one - other;
    return b.learners - a.learners || (a.said < b.said ? -1 : 1);
  });
}
