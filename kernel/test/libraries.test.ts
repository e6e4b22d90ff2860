import { join } from 'node:path';
import { expect, test } from 'vitest';
import { joinedLibraries } from '../src/checker/libraries.ts';
import {
  librariesOf,
  type NameSymbol,
  type Project,
  typescript,
} from '../src/checker/typescript7.ts';
import { folderForTest } from './folder.ts';

const VALUE = /^declare (?:var|let|const|function) ([a-z]\w*)/gim;

/** What everything that TypeScript's own declarations declare is, and what it has. */
function meanings(lib: string[], isJoined: boolean): string[] {
  const folder = folderForTest();
  const [config, cell] = [join(folder, 'tsconfig.json'), join(folder, 'cell.ts')];
  const compilerOptions = { lib, types: [], strict: true, target: 'esnext', module: 'esnext' };
  const texts = new Map([[config, JSON.stringify({ compilerOptions, files: ['cell.ts'] })]]);
  const readFile = (path: string) => texts.get(path);
  const api = new typescript.sync.API({ cwd: folder, fs: { readFile } });
  try {
    const files = lib.map((name) => `lib.${name}.d.ts`);
    const libraries = joinedLibraries(librariesOf(api), files);
    const all = [...libraries.values()].join('\n');
    const names = [...new Set([...all.matchAll(VALUE)].map(([, name = '']) => name))];
    texts.set(cell, `${names.map((name) => `(${name});`).join('\n')}\nexport {};`);
    if (isJoined) for (const [path, text] of libraries) texts.set(path, text);
    const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects();
    return project ? told(project, cell, texts.get(cell) ?? '') : [];
  } finally {
    api.close();
  }
}

function told(project: Project, file: string, text: string): string[] {
  const { checker, program } = project;
  const all = program.getSourceFile(file);
  const typed = (symbol: NameSymbol) => {
    const type = checker.getTypeOfSymbol(symbol);
    if (!type) throw new Error(`${symbol.name} has no type.`);
    const name = symbol.name.replace(/@\d+$/, ''); // symbols of the language have numbers, in any order
    return { type, said: `${name}: ${checker.typeToString(type, all, 1)}` };
  };
  const places = [...text.matchAll(/^\((\w+)/gm)].map(({ index }) => index + 1);
  const symbols = checker.getSymbolAtPosition(file, places).filter((each) => each !== undefined);
  const diagnostics = program.getSemanticDiagnostics(file).map((each) => each.text);
  return symbols.flatMap((symbol) => {
    const { type, said } = typed(symbol);
    const members = checker.getPropertiesOfType(type).map((member) => {
      const of = typed(member);
      const inside = member.name === 'prototype' ? checker.getPropertiesOfType(of.type) : [];
      return [of.said, ...inside.map((each) => typed(each).said)];
    });
    return [...diagnostics, said, ...members.flat()];
  });
}

test.each([[['esnext']], [['es2020', 'esnext.disposable']]])(
  '%s means the same in one file as in its own',
  (lib) => {
    const joined = meanings(lib, true);
    expect(joined.length).toBeGreaterThan(500);
    expect(joined).toEqual(meanings(lib, false));
  },
);
