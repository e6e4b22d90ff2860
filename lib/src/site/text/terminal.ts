import { escaped, withoutControls } from '../../pages/html.js';

/** What a terminal does with ESC: colours end in `m`; all else moves the cursor, names the window, and says nothing here. */
const SEQUENCES =
  /\x1b\[([\d;]*)m|\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\^_]/g;

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

interface Look {
  colour?: string | undefined;
  isBold: boolean;
}

/** What a program has printed, as HTML: with the colours that it asked a terminal for, by class. */
export function printed(text: string): string {
  let [html, end, look]: [string, number, Look] = ['', 0, { isBold: false }];
  for (const { 0: sequence, 1: codes, index } of text.matchAll(SEQUENCES)) {
    html += shown(text.slice(end, index), look);
    end = index + sequence.length;
    if (codes !== undefined) look = after(look, codes.split(';').map(Number));
  }
  return html + shown(text.slice(end), look);
}

function shown(text: string, { colour, isBold }: Look): string {
  const safe = withoutControls(escaped(text));
  const classes = [colour && `ansi-${colour}`, isBold && 'ansi-bold'].filter(Boolean).join(' ');
  return classes && safe ? `<span class="${classes}">${safe}</span>` : safe;
}

function after(look: Look, codes: readonly number[]): Look {
  const [code, kind] = codes;
  if (code === undefined) return look;
  // One of 256 colours, or of all: they have no name here.
  if (code === 38 || code === 48) return after(look, codes.slice(kind === 5 ? 3 : 5));
  return after(changed(look, code), codes.slice(1));
}

function changed(look: Look, code: number): Look {
  if (code === 0) return { isBold: false };
  if (code === 1 || code === 22) return { ...look, isBold: code === 1 };
  if (code === 39) return { ...look, colour: undefined };
  const colour = COLOURS[code >= 90 ? code - 90 : code - 30];
  return colour ? { ...look, colour } : look;
}
