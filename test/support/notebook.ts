import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

export interface Cell {
  cell_type: 'markdown' | 'code';
  id: string;
  metadata: Record<string, unknown> & { tags?: string[] };
  source: string | string[];
  outputs?: unknown[];
  execution_count?: number | null;
}

export interface Notebook {
  /** The file's name without its ending. */
  name: string;
  cells: Cell[];
  metadata: Record<string, unknown>;
}

/** The cells of one exercise, by their ids: NAME-exercise, NAME-start, NAME-check, NAME-help. */
export interface Exercise {
  name: string;
  start: Cell | undefined;
  check: Cell | undefined;
  help: Cell | undefined;
  hints: string[];
  /** What replaces the source of `start`. */
  solution: string | undefined;
}

export function readNotebook(path: string): Notebook {
  const parsed = JSON.parse(readFileSync(path, 'utf8')) as Omit<Notebook, 'name'>;
  return { name: basename(path, '.ipynb'), ...parsed };
}

/** Writes a notebook of code cells for the lab's kernel, given by id as source, or as source with tags. */
export function writeNotebook(
  path: string,
  cells: Record<string, string | { source: string; tags: string[] }>,
): void {
  const kernelspec = {
    name: 'kafka-lab',
    display_name: 'TypeScript (Kafka Lab)',
    language: 'typescript',
  };
  const code = Object.entries(cells).map(([id, cell]): Cell => {
    const { source, ...metadata } = typeof cell === 'string' ? { source: cell } : cell;
    const unrun = { execution_count: null, outputs: [] };
    return { cell_type: 'code', id, metadata, source: source.trim(), ...unrun };
  });
  const notebook = { cells: code, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  writeFileSync(path, JSON.stringify(notebook));
}

export const textOf = (cell: Cell): string => [cell.source].flat().join('');

export const codeCells = ({ cells }: Notebook): Cell[] =>
  cells.filter((cell) => cell.cell_type === 'code');

export const proseCells = ({ cells }: Notebook): Cell[] =>
  cells.filter((cell) => cell.cell_type === 'markdown');

/** A name per exercise, whichever of its cells are there. */
export function exercisesOf({ cells }: Notebook): Exercise[] {
  const names = cells.flatMap(({ id }) => /^(.+)-exercise$/.exec(id)?.[1] ?? []);
  return names.map((name) => {
    const part = (suffix: string) => cells.find(({ id }) => id === `${name}-${suffix}`);
    const help = part('help');
    const folded = help ? foldedParts(textOf(help)) : [];
    const hints = folded.filter(({ title }) => /^Hint/.test(title)).map(({ body }) => body);
    const solution = folded.find(({ title }) => title === 'Solution')?.body;
    return {
      ...{ name, start: part('start'), check: part('check'), help, hints },
      solution: solution && /```ts\n([\s\S]*?)\n```/.exec(solution)?.[1],
    };
  });
}

function foldedParts(text: string): { title: string; body: string }[] {
  const parts = text.matchAll(
    /<details>\s*<summary>([^<]*)<\/summary>\n\n([\s\S]*?)\n\n?<\/details>/g,
  );
  return [...parts].map(([, title, body]) => ({
    title: (title as string).trim(),
    body: (body as string).trim(),
  }));
}

/** The notebook as it is when each exercise's starting point was replaced by its solution. */
export function withSolutions(notebook: Notebook): Notebook {
  const solutions = new Map(
    exercisesOf(notebook).map(({ start, solution }) => [start?.id, solution]),
  );
  const cells = notebook.cells.map((cell) => {
    const solution = solutions.get(cell.id);
    return solution === undefined ? cell : { ...cell, source: solution };
  });
  return { ...notebook, cells };
}
