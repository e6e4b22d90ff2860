import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../lib/src/paths.ts';

const source = join(root, 'lib', 'src');
/** A package of its own: it names nothing of the lab, and nothing of the lab imports it. */
const kernel = join(root, 'kernel', 'src');

/** Which rooms a room may import from, besides what every room may: errors, host, log, paths, private, programs, shell, waiting and words. */
const ARROWS: Record<string, string[]> = {
  admin: [],
  amqp: ['broker', 'processes'],
  broker: ['processes'],
  charts: ['ledger'],
  'class-board': ['admin', 'broker', 'doctor', 'lessons', 'requests'],
  cli: [
    'broker',
    'doctor',
    'jupyter',
    'lessons',
    'pages',
    'project',
    'runs',
    'site',
    'slides',
    'terminal',
  ],
  doctor: ['amqp', 'broker', 'processes'],
  jupyter: [],
  lab: [
    'admin',
    'amqp',
    'broker',
    'class-board',
    'doctor',
    'ledger',
    'requests',
    'runs',
    'share-groups',
  ],
  ledger: [],
  pages: ['charts', 'ledger', 'processes'],
  project: [],
  processes: [],
  requests: [],
  lessons: ['ledger', 'runs'],
  runs: ['ledger', 'processes'],
  'share-groups': ['requests'],
  shop: ['lab', 'ledger'],
  site: ['charts', 'ledger', 'lessons', 'pages', 'slides'],
  slides: ['charts', 'jupyter'],
  terminal: [
    'admin',
    'broker',
    'charts',
    'class-board',
    'doctor',
    'lab',
    'ledger',
    'lessons',
    'processes',
    'requests',
    'share-groups',
    'shop',
  ],
};
const FOR_ALL = [
  'errors.ts',
  'host.ts',
  'log.ts',
  'own-folders.ts',
  'paths.ts',
  'private.ts',
  'programs.ts',
  'shell.ts',
  'waiting.ts',
  'words.ts',
];

/**
 * Which of its sub-rooms a sub-room may import from. The files of a room's own folder may import from all of them; those
 * under `forAll` are for every sub-room, and import from none.
 */
const INSIDE: Record<string, { forAll: string[]; arrows: Record<string, string[]> }> = {
  broker: {
    forAll: [],
    arrows: {
      cluster: ['embedded', 'wire'],
      config: [],
      embedded: ['config', 'wire'],
      external: ['config', 'wire'],
      supervision: ['cluster', 'config', 'embedded'],
      tools: ['config', 'embedded'],
      wire: ['config'],
    },
  },
  charts: {
    forAll: [],
    arrows: {
      assignment: ['drawing'],
      bookmark: ['drawing'],
      'class-board': ['drawing'],
      drawing: [],
      lag: ['drawing'],
      log: ['drawing'],
      measured: ['drawing'],
      replay: ['assignment', 'drawing', 'log'],
      replicas: ['drawing'],
      route: ['drawing'],
      work: ['drawing'],
    },
  },
  cli: { forAll: [], arrows: { arguments: [] } },
  kernel: {
    forAll: [
      ...[
        'explained.ts',
        'files.ts',
        'host.ts',
        'log.ts',
        'messages.ts',
        'options.ts',
        'package.ts',
        'places.ts',
        'process.ts',
        'quietly.ts',
      ],
    ],
    arrows: {
      cells: ['errors', 'interrupt', 'running', 'transport'],
      checker: ['errors', 'transpile'],
      errors: [],
      install: ['checker'],
      interrupt: [],
      requests: ['cells', 'checker'],
      running: ['checker', 'errors', 'interrupt', 'transpile'],
      transpile: [],
      transport: ['interrupt'],
    },
  },
  lab: {
    forAll: ['closed.ts'],
    arrows: {
      codecs: [],
      kafkajs: [],
      platformatic: ['waiting'],
      queues: [],
      replication: ['resources', 'waiting'],
      resources: [],
      service: ['resources', 'waiting'],
      shares: ['waiting'],
      waiting: ['resources'],
      watch: ['codecs', 'kafkajs', 'waiting'],
    },
  },
  ledger: {
    forAll: [],
    arrows: {
      alarms: ['analysis', 'store', 'trails'],
      analysis: ['fates', 'logs', 'store', 'trails'],
      fates: ['logs', 'store', 'trails'],
      logs: ['trails'],
      store: ['logs', 'trails'],
      trails: [],
      work: ['analysis', 'fates', 'store', 'trails'],
    },
  },
  'share-groups': {
    forAll: ['errors.ts', 'places.ts'],
    arrows: {
      member: ['network', 'protocol'],
      network: [],
      protocol: [],
      session: ['network', 'protocol'],
      work: ['network', 'protocol', 'session'],
    },
  },
  site: {
    forAll: [],
    arrows: { cells: ['charts', 'text'], charts: [], frame: ['text'], text: [] },
  },
  terminal: { forAll: [], arrows: { kafka: ['ui'], reset: ['kafka', 'ui'], ui: [] } },
};

/** Where the files of a room with sub-rooms lie. */
function folderOf(room: string): string {
  return room === 'kernel' ? kernel : join(source, room);
}

/** [room, room it imports from] of every import, the facade index.ts left out: it re-exports. */
function arrows(): [string, string, string][] {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const inRooms = files.filter((file) => file.endsWith('.ts') && file.includes(sep));
  return inRooms.flatMap((file) =>
    importsOf(source, file).map((to): [string, string, string] => [roomOf(file), roomOf(to), file]),
  );
}

/** The files that a file imports by their place, below the folder. */
function importsOf(folder: string, file: string): string[] {
  const text = readFileSync(join(folder, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import\(?)\s*'(\.[^']+)\.js'/g)].map(
    ([, path]) => path,
  );
  return specifiers.map((path) => `${normalize(join(dirname(file), path as string))}.ts`);
}

/** [file, file it imports from] of every import within one room, below the room's folder. */
function inside(room: string): [string, string][] {
  const folder = folderOf(room);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => importsOf(folder, file).map((target): [string, string] => [file, target]))
    .filter(([, target]) => !target.startsWith('..'));
}

/** The sub-room of a file below a room's folder; undefined for a file of the folder itself. */
function subRoomOf(file: string): string | undefined {
  return file.includes(sep) ? roomOf(file) : undefined;
}

function roomOf(file: string): string {
  return file.split(sep)[0] as string;
}

test('imports go the way the arrows go', () => {
  const mayTake = (from: string) => [...FOR_ALL, ...(ARROWS[from] ?? [])];
  const wrong = arrows()
    .filter(([from, to]) => from !== to && !mayTake(from).includes(to))
    .map(([from, to, file]) => `${file}: ${from} may not import from ${to}`);
  expect(wrong).toEqual([]);
});

test('the kernel names nothing of the lab', () => {
  const files = readdirSync(kernel, { recursive: true, encoding: 'utf8' });
  const code = files.filter((file) => file.endsWith('.ts'));
  const told = /kafka|LabError|\.lab\b|lib\/|npm (start|run)/i;
  const wrong = code.filter((file) => told.test(readFileSync(join(kernel, file), 'utf8')));
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

test.each(Object.keys(INSIDE))('imports go the way the arrows go: inside %s', (room) => {
  const { forAll, arrows: may } = INSIDE[room] as (typeof INSIDE)[string];
  const isWrong = ([file, target]: [string, string]) => {
    const [from, to] = [subRoomOf(file), subRoomOf(target)];
    if (from === undefined) return forAll.includes(file) && to !== undefined;
    return from !== to && !(to === undefined ? forAll.includes(target) : may[from]?.includes(to));
  };
  const imports = inside(room);
  const wrong = imports.filter(isWrong).map(([file, target]) => `${file} may not import ${target}`);
  expect(wrong).toEqual([]);
  const used = new Set(
    imports.map(([file, target]) => `${subRoomOf(file)} → ${subRoomOf(target)}`),
  );
  const allowed = Object.entries(may).flatMap(([from, tos]) => tos.map((to) => `${from} → ${to}`));
  expect(allowed.filter((arrow) => !used.has(arrow))).toEqual([]);
});

test('every sub-room is known', () => {
  const rooms = [...Object.keys(ARROWS), 'kernel'];
  const found = rooms.map((room): [string, string[]] => [room, foldersOf(room)]);
  const known = Object.entries(INSIDE).map(([room, { arrows: may }]) => [room, Object.keys(may)]);
  expect(Object.fromEntries(found.filter(([, names]) => names.length > 0))).toEqual(
    Object.fromEntries(known),
  );
});

function foldersOf(room: string): string[] {
  const entries = readdirSync(folderOf(room), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

test.each([source, kernel])('a folder has twenty files at most: below %s', (below) => {
  const files = readdirSync(below, { recursive: true, encoding: 'utf8' });
  const sizes = new Map<string, number>();
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    sizes.set(dirname(file), (sizes.get(dirname(file)) ?? 0) + 1);
  }
  expect([...sizes].filter(([, size]) => size > 20)).toEqual([]);
});

test('the rooms, and the sub-rooms of each, make no circle', () => {
  for (const may of [ARROWS, ...Object.values(INSIDE).map((room) => room.arrows)]) {
    const reaches = (from: string, seen = new Set<string>()): Set<string> => {
      for (const to of may[from] ?? []) if (!seen.has(to)) reaches(to, seen.add(to));
      return seen;
    };
    expect(Object.keys(may).filter((room) => reaches(room).has(room))).toEqual([]);
  }
});

test('CONTRIBUTING says of every room what it may import', () => {
  const table = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').match(/^\| `lib\/.*$/gm) ?? [];
  const said = table.flatMap((row) => {
    const [, names = '', , may = ''] = row.split('|').map((cell) => cell.trim());
    const rooms = [...names.matchAll(/`lib\/src\/([\w-]+)`/g)].map(([, room]) => room as string);
    return rooms.map((room): [string, string[]] => [room, may === '' ? [] : may.split(', ')]);
  });
  expect(Object.fromEntries(said)).toEqual(ARROWS);
});

test('CONTRIBUTING says of every sub-room what it may import', () => {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const said = [...text.matchAll(/^\| `([\w-]+)\/([\w-]+)` \|.*\| ?([^|]*?) ?\|$/gm)].map(
    ([, room, name, may]): [string, string[]] => [`${room}/${name}`, may ? may.split(', ') : []],
  );
  const held = Object.entries(INSIDE).flatMap(([room, { arrows: may }]) =>
    Object.entries(may).map(([name, to]): [string, string[]] => [`${room}/${name}`, to]),
  );
  expect(Object.fromEntries(said)).toEqual(Object.fromEntries(held));
});
