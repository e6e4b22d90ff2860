import { readFileSync } from 'node:fs';
import { LabError, messageOf } from '../errors.js';
import { moduleOf } from './module-tag.js';

interface Cell {
  cell_type: string;
  source: string | string[];
}

/** The cells of a notebook that are modules: their text by the name of their file. @throws LabError BAD_INPUT */
export function modulesIn(path: string): Map<string, string> {
  const sources = cellsOf(path)
    .filter(({ cell_type }) => cell_type === 'code')
    .map(({ source }) => [source].flat().join(''));
  const modules = sources.flatMap((source) => {
    const module = moduleOf(source);
    return module ? [[`${module.name}.ts`, `${module.text}\n`] as const] : [];
  });
  return new Map(modules);
}

function cellsOf(path: string): Cell[] {
  try {
    const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells: Cell[] };
    return cells;
  } catch (cause) {
    throw new LabError('BAD_INPUT', {
      what: `${path} cannot be read as a notebook.`,
      why: `The system says: ${messageOf(cause)}.`,
      fix: 'Save it in JupyterLab once more, or bring it back: npx --no kafka-lab reset notebooks',
      cause,
    });
  }
}
