import { isDeepStrictEqual } from 'node:util';
import { kernelInfo } from '../../kernel/src/requests/info.ts';
import { slideTypes } from '../../lib/src/slides/marking.ts';
import {
  type Cell,
  codeCells,
  type Exercise,
  exercisesOf,
  type Notebook,
  proseCells,
  textOf,
} from './notebook.ts';
import { nameFaults } from './notebook-names.ts';

/** Of a code cell; a few of a notebook's cells may go beyond, none beyond the hard limit. */
const LINES = { most: 12, hard: 18, share: 0.8 };
const COLUMNS = { most: 78, hard: 100, share: 0.6 };

/** As the kernel names it. */
export const LANGUAGE = kernelInfo({ name: '', version: '' })['language_info'];

/** What a notebook, by itself, does against the shape of the course; empty when all is well. */
export function shapeFaults(notebook: Notebook): string[] {
  const faults = [
    ...cellFaults(notebook),
    ...sizeFaults(notebook),
    ...claimFaults(notebook),
    ...stageFaults(notebook),
    ...nameFaults(notebook),
  ];
  const isLesson = /^\d/.test(notebook.name);
  return isLesson ? [...faults, ...partFaults(notebook), ...exerciseFaults(notebook)] : faults;
}

function cellFaults({ cells, metadata }: Notebook): string[] {
  const ids = cells.map(({ id }) => id);
  const kernel = (metadata['kernelspec'] as { name?: string } | undefined)?.name;
  return [
    ...(kernel === 'kafka-lab' ? [] : [`its kernel is ${kernel}, not kafka-lab`]),
    ...(isDeepStrictEqual(metadata['language_info'], LANGUAGE)
      ? []
      : ["its language is not the kernel's: JupyterLab changes that, and asks whether to save"]),
    ...ids.filter((id, i) => ids.indexOf(id) < i).map((id) => `two cells have the id ${id}`),
    ...ids
      .filter((id) => !/^[a-z][a-z0-9-]{3,}$/.test(id) || /^[0-9a-f-]{8,}$/.test(id))
      .map((id) => `the cell id ${id} says nothing to a reader`),
    ...cells.flatMap(storedFaults),
    ...cells
      .filter((cell) => cell.cell_type === 'markdown' && /[\u2500-\u257f]/.test(textOf(cell)))
      .map(({ id }) => `${id} draws with letters: make it a file of drawings/`),
    ...cells
      .filter((cell) => /!\[.{0,39}\]\(/.test(textOf(cell)))
      .map(({ id }) => `${id} has a picture without an alternative text that tells it`),
    ...cells.filter((cell) => /\bTODO\b/.test(textOf(cell))).map(({ id }) => `${id} says TODO`),
  ];
}

function storedFaults({ id, outputs = [], execution_count = null, metadata }: Cell): string[] {
  return [
    ...(outputs.length > 0 ? [`${id} has stored outputs`] : []),
    ...(execution_count === null ? [] : [`${id} has a stored count`]),
    ...(metadata.tags?.includes('raises-exception') ? [`${id} is tagged raises-exception`] : []),
  ];
}

function sizeFaults(notebook: Notebook): string[] {
  const sized = codeCells(notebook).map((cell) => {
    const lines = textOf(cell).split('\n');
    const columns = Math.max(...lines.map((line) => line.length));
    const charts = [...textOf(cell).matchAll(/\bcharts\.\w+\(/g)].length;
    return { id: cell.id, lines: lines.length, columns, charts };
  });
  const over = (what: 'lines' | 'columns', { most, hard, share }: typeof LINES) => {
    const within = sized.filter((cell) => cell[what] <= most).length;
    const tooMany = within < share * sized.length;
    return [
      ...sized
        .filter((cell) => cell[what] > hard)
        .map((cell) => `${cell.id} has ${cell[what]} ${what}, more than ${hard}`),
      ...(tooMany ? [`just ${within} of ${sized.length} code cells keep to ${most} ${what}`] : []),
    ];
  };
  return [
    ...over('lines', LINES),
    ...over('columns', COLUMNS),
    ...sized.filter(({ charts }) => charts > 1).map(({ id }) => `${id} draws more than one chart`),
  ];
}

/** Progress counts claims by their words, so each has to be a plain string, and its own. */
function claimFaults(notebook: Notebook): string[] {
  const code = codeCells(notebook).map(textOf).join('\n');
  const calls = [...code.matchAll(/(?<![.\w])(?:check|exercise)\(\s*(.)/g)];
  const claims = [...code.matchAll(/^ *(?:check|exercise)\(\s*(['"])((?:\\.|(?!\1).)*)\1/gm)].map(
    ([, , claim]) => claim as string,
  );
  return [
    ...(calls.length === claims.length
      ? []
      : [`of ${calls.length} claims only ${claims.length} begin a line and are plain strings`]),
    ...claims
      .filter((claim, i) => claims.indexOf(claim) < i)
      .map((claim) => `"${claim}" is claimed twice`),
  ];
}

/** What is said to the person at the notebook alone: time, neighbours, where to click and type. */
const TO_ONE_PERSON = [
  /\btakes [\w-]+ minutes\b|\| minutes \|/,
  /^(?:Back|Next)(?:: | to )\[/m,
  /\b(?:click into|hover|point at|press|type|scroll)\b|Shift \+ Enter/i,
  /\bbetween the (?:brackets|parentheses)\b/,
  /\brun (?:it|this cell|(?:both|the) cells)\b/i,
];

/** An exercise is for the audience, too; hints are for whoever is stuck. */
function stageFaults({ cells }: Notebook): string[] {
  const types = slideTypes(cells as Parameters<typeof slideTypes>[0]);
  const onStage = cells.filter(
    ({ cell_type, id }, i) =>
      cell_type === 'markdown' &&
      !['skip', 'notes'].includes(types[i] as string) &&
      !/-(?:exercise|help)$/.test(id),
  );
  return onStage.flatMap((cell) =>
    TO_ONE_PERSON.flatMap((words) => words.exec(textOf(cell))?.[0] ?? []).map(
      (words) =>
        `${cell.id} says "${words}" on a slide: give it a cell of its own with slide type skip`,
    ),
  );
}

/** In this order, each at least once. */
const PARTS: [string, RegExp][] = [
  ['The idea', /^## The idea/m],
  ['Predict', /^##+ Predict/m],
  ['Your turn', /^## Your turn/m],
  ['Remember', /^## Remember/m],
  ['What bites in production', /^## What bites in production/m],
];

function partFaults(notebook: Notebook): string[] {
  const prose = notebook.cells.map((cell) => (cell.cell_type === 'markdown' ? textOf(cell) : ''));
  const at = PARTS.map(([, pattern]) => prose.findIndex((text) => pattern.test(text)));
  const first = prose[0] ?? '';
  const start = prose.slice(0, 2).join('\n');
  const code = codeCells(notebook).map(textOf).join('\n');
  const has = (pattern: RegExp, what: string) => (pattern.test(code) ? [] : [what]);
  return [
    ...(new RegExp(`^# ${notebook.name.slice(0, 2)} · `).test(first)
      ? []
      : ['its first cell has no title "# NN · …"']),
    ...(/\*\*After this notebook you can\*\*/.test(first)
      ? []
      : ['its first cell does not say what one can do after it']),
    ...(/takes [\w-]+ minutes/.test(start) ? [] : ['its start does not say its minutes']),
    ...(/(Back|Next): \[/.test(start) ? [] : ['its start has no links back and forward']),
    ...PARTS.flatMap(([name], i) => (at[i] === -1 ? [`it has no "${name}"`] : [])),
    ...PARTS.flatMap(([name], i) =>
      i > 0 && at[i] !== -1 && (at[i] as number) < (at[i - 1] as number)
        ? [`"${name}" comes before "${PARTS[i - 1]?.[0]}"`]
        : [],
    ),
    ...(/^## Remember\n\n(- .+\n(?: {2}.+\n)*){2}- /m.test(`${prose.join('\n')}\n`)
      ? []
      : ['"Remember" has no list of three']),
    ...has(/\bpredict\.\w+\(/, 'nothing is predicted'),
    ...has(/(?<![.\w])compare\(/, 'no prediction is compared with what happened'),
    ...has(/(?<![.\w])check\(/, 'nothing is checked'),
    ...has(/\bcharts\.\w+\(/, 'it draws nothing'),
  ];
}

function exerciseFaults(notebook: Notebook): string[] {
  const exercises = exercisesOf(notebook);
  const none = exercises.length === 0 ? ['it has no exercise'] : [];
  return [...none, ...exercises.flatMap(faultsOfExercise)];
}

function faultsOfExercise({ name, start, check, help, hints, solution }: Exercise): string[] {
  return [
    ...(start ? [] : [`exercise ${name} has no cell ${name}-start`]),
    ...(check && /(?<![.\w])exercise\(/.test(textOf(check))
      ? []
      : [`exercise ${name} has no cell ${name}-check that calls exercise(…)`]),
    ...(help ? [] : [`exercise ${name} has no cell ${name}-help`]),
    ...(hints.length > 0 ? [] : [`exercise ${name} has no hint`]),
    ...(solution ? [] : [`exercise ${name} has no solution`]),
  ];
}

/** Links to notebooks that are not there, and neighbours that do not link to each other. */
export function linkFaults(notebooks: Notebook[], exists: (target: string) => boolean): string[] {
  const neighbours = new Map(notebooks.map((notebook) => [notebook.name, linksOf(notebook)]));
  return notebooks.flatMap((notebook) => {
    const { next } = linksOf(notebook);
    const backOfNext = next && neighbours.get(next)?.back;
    return [
      ...targets(notebook)
        .filter((target) => !exists(target))
        .map((target) => `${notebook.name}: its link to ${target} is dead`),
      ...(next && backOfNext !== notebook.name
        ? [`${notebook.name}: goes on with ${next}, which goes back to ${backOfNext ?? 'nothing'}`]
        : []),
    ];
  });
}

function targets(notebook: Notebook): string[] {
  const prose = proseCells(notebook).map(textOf).join('\n');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
  return links
    .filter((target) => !/^(https?:|#|attachment:)/.test(target))
    .map((target) => decodeURI(target.split('#')[0] as string));
}

function linksOf(notebook: Notebook): { back?: string | undefined; next?: string | undefined } {
  const start = notebook.cells.slice(0, 2).map(textOf).join('\n');
  const link = (word: string) =>
    new RegExp(`${word}: \\[[^\\]]*\\]\\(([^)]+)\\.ipynb\\)`).exec(start)?.[1];
  return { back: link('Back'), next: link('Next') };
}
