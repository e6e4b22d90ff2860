/** What the code that runs is given. */
const GIVEN = ['scope', 'imports', 'import', 'meta', 'declare', 'use'] as const;
/** What it makes itself: its accessors, what a setter is told, the default export that has no name. */
const MADE = ['names', 'value', 'default'] as const;
const ALL = [...GIVEN, ...MADE];

export type OwnNames = Record<(typeof ALL)[number], string>;

/** Names that are nowhere in the source, which may declare any: `__scope__`, with more underscores if it has that. */
export function ownNames(source: string): OwnNames {
  let end = '__';
  while (ALL.some((word) => source.includes(`__${word}${end}`))) end += '_';
  return Object.fromEntries(ALL.map((word) => [word, `__${word}${end}`])) as OwnNames;
}
