import { parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { Handler } from 'vega-tooltip';
import { type Replay, replayControls } from './replay';

/** What a figure holds beside its picture. */
interface Told {
  vega: object;
  replay?: Replay;
}

export interface Drawing {
  /** Draws the chart of a figure in place of its picture, and again when its room changes. */
  draw(figure: HTMLElement): Promise<void>;
}

/** Charts are made for this room, in pixels: with more or less of it their letters would not fit. */
const [LEAST, MOST] = [280, 760];

async function draw(figure: HTMLElement): Promise<void> {
  const data = figure.querySelector(':scope > script') as HTMLElement;
  const picture = figure.querySelector('.picture') as HTMLElement;
  const { vega, replay } = JSON.parse(data.textContent ?? '') as Told;
  const place = document.createElement('div');
  place.className = 'live';
  picture.before(place);
  try {
    const view = viewOf(vega, place);
    await fit(view, figure);
    picture.hidden = true;
    if (replay) replayControls(view, replay, place);
    new ResizeObserver(() => void fit(view, figure)).observe(figure);
  } catch (error) {
    place.remove();
    throw error;
  }
}

function viewOf(vega: object, container: HTMLElement): View {
  const tooltip = new Handler({ theme: 'custom', disableDefaultStyle: true }).call;
  return new View(parse(vega, {}, { ast: true } as never), {
    ...{ container, tooltip, renderer: 'svg', hover: true },
    // Expressions are interpreted: the page allows no code that is made while it runs.
    expr: expressionInterpreter,
  } as never);
}

async function fit(view: View, figure: HTMLElement): Promise<void> {
  const { paddingLeft, paddingRight } = getComputedStyle(figure);
  const room =
    figure.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  await view.signal('room', Math.max(LEAST, Math.min(MOST, Math.floor(room)))).runAsync();
}

(globalThis as unknown as { kafkaLabCharts: Drawing }).kafkaLabCharts = { draw };
