import { type Cell, sourceOf } from './notebook.js';

/** A section of a lesson, and how many minutes after the lesson's beginning it begins. */
export interface Section {
  title: string;
  from: number;
}

/** What takes how long before a class, in seconds. Only how these compare matters: their sum becomes the lesson's minutes. */
const HEADING = 45;
const WORD = 60 / 120;
const DRAWING = 30;
/** To read it, run it and look at what it shows. */
const CODE_CELL = 40;
/** Beside its cell: nobody runs on before everybody has written down a number. */
const PREDICTION = 60;
/** Beside its cells. */
const EXERCISE = 300;

/**
 * Shares the minutes that a lesson states among its sections, by what they hold. Cells that no slide shows take no time, and
 * hints and solutions none of the class's.
 */
export function timetable(cells: readonly Cell[], minutes: number): Section[] {
  const parts = cells.filter((cell) => !isSkipped(cell)).flatMap(partsOf);
  const whole = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  const sections: Section[] = [];
  let before = 0;
  for (const { title, seconds } of parts) {
    // What stands before the first section, the lesson's own title, is a part of that.
    const from = sections.length === 0 ? 0 : Math.floor((before / whole) * minutes);
    if (title !== undefined) sections.push({ title, from });
    before += seconds;
  }
  return sections;
}

const isSkipped = ({ metadata }: Cell) => metadata.slideshow?.slide_type === 'skip';

/** A part of a section has no title. */
interface Part {
  title?: string;
  seconds: number;
}

function partsOf(cell: Cell): Part[] {
  const text = sourceOf(cell);
  if (cell.cell_type === 'code') return [{ seconds: secondsOfCode(text) }];
  const [first = '', ...others] = shown(text).split(/^## /m);
  return [
    { seconds: secondsOfProse(first) },
    ...others.map((section) => {
      const [title = '', ...rest] = section.split('\n');
      return { title: title.trim(), seconds: HEADING + secondsOfProse(rest.join('\n')) };
    }),
    { seconds: cell.id.endsWith('-exercise') ? EXERCISE : 0 },
  ];
}

const shown = (text: string) =>
  text.replace(/<details>[\s\S]*?<\/details>/g, '').replace(/^```[\s\S]*?^```/gm, '');

const SHOWN_DRAWING = /!\[[^\]]*\]\([^)]*\)/g;

function secondsOfProse(text: string): number {
  const drawings = text.match(SHOWN_DRAWING) ?? [];
  const words = text.replace(SHOWN_DRAWING, '').match(/\p{L}[\p{L}\p{N}'’-]*/gu) ?? [];
  return words.length * WORD + drawings.length * DRAWING;
}

function secondsOfCode(code: string): number {
  const predictions = code.match(/\bpredict\.\w+\(/g) ?? [];
  return CODE_CELL + predictions.length * PREDICTION;
}
