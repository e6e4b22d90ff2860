import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../errors.js';
import { courseFolder } from '../own-folders.js';
import { root } from '../paths.js';
import { isLesson, lessonContents } from './contents.js';

interface Cell {
  cell_type: 'markdown' | 'code';
  id: string;
  metadata: { slideshow?: { slide_type: string } };
  source: string[];
  outputs?: [];
  execution_count?: null;
}

/** A notebook that runs, has all parts of a lesson, and says TODO where its author has to write. */
export interface Skeleton {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: 4;
  nbformat_minor: 5;
}

/**
 * The skeleton of a lesson.
 * @throws LabError BAD_INPUT if the name is none for a lesson, or it or its number is taken
 */
export function skeletonOf(name: string, folder = courseFolder()): Skeleton {
  requireFreeName(name, folder);
  const [number = '', ...words] = name.split('-');
  const sentence = words.join(' ');
  const fields: Record<string, string> = {
    ...{ name, number, back: backLink(name, folder) },
    title: sentence.charAt(0).toUpperCase() + sentence.slice(1),
  };
  const text = readFileSync(join(root, 'lib', 'lesson', 'skeleton.txt'), 'utf8');
  const filled = text.replace(/\{\{(\w+)\}\}/g, (_, field: string) => fields[field] ?? '');
  return { cells: cellsOf(filled), metadata: METADATA, nbformat: 4, nbformat_minor: 5 };
}

function requireFreeName(name: string, folder: string): void {
  if (!isLesson(name) || name.length > 50) {
    throw new LabError('BAD_INPUT', {
      what: `'${name}' cannot be the name of a lesson.`,
      why: 'A name is two digits, then words in lower case, all joined by "-", 50 characters at most.',
      fix: 'Choose one such as 19-my-lesson.',
    });
  }
  const number = name.slice(0, 2);
  const taken = readdirSync(folder).find(
    (file) => file.startsWith(`${number}-`) && file.endsWith('.ipynb'),
  );
  if (!taken) return;
  throw new LabError('BAD_INPUT', {
    what: `Number ${number} is taken by ${taken}.`,
    fix: `Choose another, such as ${freeNumber(folder)}-${name.slice(3)}.`,
  });
}

function freeNumber(folder: string): string {
  const files = readdirSync(folder);
  for (let n = 0; ; n++) {
    const number = String(n).padStart(2, '0');
    if (!files.some((file) => file.startsWith(`${number}-`))) return number;
  }
}

/** To the lesson before; what comes after has to link back here, so its author sets that link. */
function backLink(name: string, folder: string): string {
  const before = lessonContents(folder).filter((one) => one.name < name);
  const last = before.at(-1);
  if (!last) return 'Next: [TODO](TODO.ipynb)';
  return `Back: [${last.name.slice(0, 2)} · ${last.title}](${last.name}.ipynb)`;
}

/** `%% md an-id` or `%% code an-id` begins a cell; a third word is its slide type. */
function cellsOf(text: string): Cell[] {
  return text
    .split(/^%% /m)
    .slice(1)
    .map((block) => {
      const [head = '', ...lines] = block.split('\n');
      const [kind, id = '', slideType] = head.split(' ');
      const metadata = slideType ? { slideshow: { slide_type: slideType } } : {};
      const body = lines.join('\n').trim();
      const source = body.split(/(?<=\n)/);
      if (kind === 'md') return { cell_type: 'markdown', id, metadata, source };
      return {
        ...{ cell_type: 'code', execution_count: null, id, metadata, outputs: [] },
        source,
      };
    });
}

const METADATA = {
  kernelspec: {
    display_name: 'TypeScript (Kafka Lab)',
    language: 'typescript',
    name: 'kafka-lab',
  },
  language_info: {
    codemirror_mode: 'typescript',
    file_extension: '.ts',
    mimetype: 'text/typescript',
    name: 'typescript',
    nbconvert_exporter: 'script',
    pygments_lexer: 'typescript',
    version: '7.0.2',
  },
};
