import { byName, type Ledger, moments } from '../../ledger/index.js';
import { members } from '../assignment/assignment.js';
import { named } from '../assignment/layers.js';
import { caveats } from '../drawing/caveats.js';
import { type Chart, chart, toldApart, WIDTH } from '../drawing/chart.js';
import { type Cast, cast, NOBODY, OTHERS, weightBy } from '../drawing/palette.js';
import { nothingYet } from '../drawing/rows.js';
import { called, noted } from '../drawing/words.js';
import { cellOf, type Life, livesOf, NOBODY_YET, NOT_KEPT } from './cells.js';
import { type Frame, widthBeside } from './frame.js';
import { lagPanel } from './lag-panel.js';
import { lanesPanel } from './lanes-panel.js';
import { logPanel } from './log-panel.js';
import { type Owners, ownersOf } from './owners.js';
import { paramsOf } from './params.js';
import { type Span, spanOf } from './span.js';
import { type Steps, stepsOf } from './steps.js';
import { goneAt, tapeOf } from './tape.js';
import { describe, type ReplayOptions } from './text.js';

/**
 * What happened, once more: who owned which partition up to a moment, the log as it was then, and the lag up to then. A slider
 * for the moment, and a box that moves it; a picture shows the last one.
 */
export function replay(ledger: Ledger, options: ReplayOptions): Chart {
  const span = spanOf(ledger, options);
  return span ? replayOf(ledger, options, span) : emptyReplay(ledger, options);
}

function replayOf(ledger: Ledger, options: ReplayOptions, { start, end, notes }: Span): Chart {
  const { topic, group } = options;
  const steps = stepsOf(start, end);
  const all = moments(ledger, group, topic, steps.times);
  const owners = ownersOf(ledger, options, steps, all.at(-1));
  const tape = tapeOf(all, owners.partitions);
  const lives = livesOf(ledger, { topic, group }, tape);
  const colours = castOf(ledger, owners, lives);
  const nameOf = (member: string) => (NOBODIES.includes(member) ? member : colours.of(member));
  const cells = lives.flatMap((life) => {
    const until = goneAt(all, life.partition, life.offset);
    return cellOf(life, { steps, until, nameOf }) ?? [];
  });
  const frame = frameOf(
    owners,
    colours,
    steps,
    cells.flatMap(({ member }) => member),
  );
  const left = [...owners.notes, ...everyNote(tape.every), ...notes];
  const drawing = {
    ...{ title: titleOf(options), width: undefined, autosize: undefined },
    params: paramsOf(steps),
    vconcat: [
      lanesPanel(
        owners.bars.map((bar) => named(bar, colours)),
        owners.lanes,
        colours,
        frame,
      ),
      logPanel({ cells, tape, moments: all }, owners.partitions, frame),
      lagPanel(all, steps, frame),
    ],
  };
  const text = describe(ledger, options, { steps, moments: all }, [
    ...left,
    ...caveats(ledger, topic),
  ]);
  return chart(text, drawing, left);
}

const titleOf = ({ topic, group }: ReplayOptions) => ({
  text: `Replay: group ${called(group)} on topic ${called(topic)}`,
  subtitle: '▼ committed · ▲ reads next · ┃ the end of the log',
});

const everyNote = (every: number): string[] =>
  every > 1 ? [`Of the log, one record in ${every} is drawn.`] : [];

/** Names that are no member's. */
const NOBODIES = [NOBODY_YET, NOT_KEPT];

/** Who owned or processed what is drawn, in colours. */
function castOf(ledger: Ledger, { bars }: Owners, lives: readonly Life[]): Cast {
  const readers = lives.flatMap(({ happenings }) =>
    happenings.flatMap(({ kind, member }) => (kind === 'processed' ? member : [])),
  );
  const seen = [...bars.map(({ member }) => member), ...readers].filter(
    (member) => !NOBODIES.includes(member),
  );
  const names = [...new Set(seen)].sort(byName);
  return cast(names, { all: members(ledger), weight: weightBy(seen, (name) => name) });
}

function frameOf(
  { lanes }: Owners,
  { domain, range }: Cast,
  { last }: Steps,
  shown: readonly string[],
): Frame {
  const width = widthBeside(lanes);
  const others = shown.includes(NOT_KEPT) ? [[NOT_KEPT], [OTHERS]] : [[], []];
  const [names = [], colours = []] = others;
  const scale = {
    domain: [...domain, NOBODY_YET, ...names],
    range: [...range, NOBODY, ...colours],
  };
  return { width, last, color: toldApart('member', 'member', scale, WIDTH - width) };
}

function emptyReplay(ledger: Ledger, options: ReplayOptions): Chart {
  const { topic, group } = options;
  const known = `Nothing is known yet of group ${called(group)} on topic ${called(topic)}.`;
  const text = noted(known, caveats(ledger, topic));
  return chart(text, nothingYet(titleOf(options), 'nothing has happened yet'));
}
