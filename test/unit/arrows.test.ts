import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../lib/src/paths.ts';

const source = join(root, 'lib', 'src');

/** Which rooms a room may import from, besides what every room may: errors, host, log, paths, private, running-time and shell. */
const ARROWS: Record<string, string[]> = {
  broker: [],
  charts: ['ledger'],
  cli: ['broker', 'doctor', 'jupyter', 'lessons', 'slides', 'terminal'],
  doctor: ['broker', 'queue'],
  jupyter: [],
  kernel: [],
  lab: ['broker', 'doctor', 'ledger', 'queue', 'requests'],
  ledger: [],
  queue: ['broker'],
  requests: [],
  lessons: ['ledger'],
  services: ['lab', 'ledger'],
  slides: ['jupyter'],
  terminal: ['broker', 'charts', 'doctor', 'lab', 'lessons', 'requests', 'services'],
};
const FOR_ALL = [
  'errors.ts',
  'host.ts',
  'log.ts',
  'paths.ts',
  'private.ts',
  'running-time.ts',
  'shell.ts',
];

/** [room, room it imports from] of every import, the facade index.ts left out: it re-exports. */
function arrows(): [string, string, string][] {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const inRooms = files.filter((file) => file.endsWith('.ts') && file.includes(sep));
  return inRooms.flatMap((file) =>
    importsOf(file).map((target): [string, string, string] => [roomOf(file), roomOf(target), file]),
  );
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)\.js'/g)].map(
    ([, path]) => path,
  );
  return specifiers.map((path) => `${normalize(join(dirname(file), path as string))}.ts`);
}

function roomOf(file: string): string {
  return file.split(sep)[0] as string;
}

test('imports go the way the arrows go', () => {
  const wrong = arrows()
    .filter(([from, to]) => from !== to && !FOR_ALL.includes(to) && !ARROWS[from]?.includes(to))
    .map(([from, to, file]) => `${file}: ${from} may not import from ${to}`);
  expect(wrong).toEqual([]);
});

test('every room is known, and no arrow is there for nothing', () => {
  const used = new Set(arrows().map(([from, to]) => `${from} → ${to}`));
  const allowed = Object.entries(ARROWS).flatMap(([from, tos]) =>
    tos.map((to) => `${from} → ${to}`),
  );
  expect(allowed.filter((arrow) => !used.has(arrow))).toEqual([]);
  expect([...new Set(arrows().map(([from]) => from))].sort()).toEqual(Object.keys(ARROWS).sort());
});

test('the rooms make no circle', () => {
  const reaches = (from: string, seen = new Set<string>()): Set<string> => {
    for (const to of ARROWS[from] ?? []) if (!seen.has(to)) reaches(to, seen.add(to));
    return seen;
  };
  expect(Object.keys(ARROWS).filter((room) => reaches(room).has(room))).toEqual([]);
});

test('CONTRIBUTING says of every room what it may import', () => {
  const table = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').match(/^\| `lib\/.*$/gm) ?? [];
  const said = table.flatMap((row) => {
    const [, names = '', , may = ''] = row.split('|').map((cell) => cell.trim());
    const rooms = [...names.matchAll(/`lib\/src\/(\w+)`/g)].map(([, room]) => room as string);
    return rooms.map((room): [string, string[]] => [room, may === '' ? [] : may.split(', ')]);
  });
  expect(Object.fromEntries(said)).toEqual(ARROWS);
});
