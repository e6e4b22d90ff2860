import type { Options, ParseOptions } from '@swc/core';
import type { Tree } from './tree.js';

type Swc = typeof import('@swc/core');

const SYNTAX = { syntax: 'typescript', decorators: true } as const;
/** What the oldest Node that this kernel runs on understands. */
const TARGET = 'es2022';

const PARSING: ParseOptions = { ...SYNTAX, target: TARGET };

/** What a tsconfig.json says about what code means when it runs. */
export interface Style {
  /** Decorators as TypeScript had them before JavaScript did, and whether they are told of types. */
  legacyDecorators: boolean;
  decoratorMetadata: boolean;
  /** Fields of classes are defined, as in JavaScript, and not assigned. */
  definesFields: boolean;
}

const STANDARD: Style = { legacyDecorators: false, decoratorMetadata: false, definesFields: true };

/** All imports stay, those of types that nobody named as such, too: what a cell imports is for later cells. */
const optionsFor = (style: Style): Options => ({
  swcrc: false,
  configFile: false,
  filename: 'cell.ts',
  isModule: true,
  sourceMaps: true,
  module: { type: 'es6' },
  jsc: {
    parser: SYNTAX,
    target: TARGET,
    externalHelpers: false,
    transform: {
      ...(style.legacyDecorators
        ? { legacyDecorator: true, decoratorMetadata: style.decoratorMetadata }
        : { decoratorVersion: '2022-03' as const }),
      useDefineForClassFields: style.definesFields,
      verbatimModuleSyntax: true,
      treatConstEnumAsEnum: true,
    },
  },
});

let loaded: Swc | undefined;

/** Loads it, if it is not: a program for this platform, ten megabytes. */
export function loadSwc(): Swc {
  return (loaded ??= require('@swc/core') as Swc);
}

/** The statements of a module in TypeScript, as a syntax tree. @throws SyntaxError if it is none */
export function parse(source: string): Tree[] {
  const { body } = readably(() => loadSwc().parseSync(source, PARSING));
  return body as unknown as Tree[]; // whose types know no `using`
}

export interface Compiled {
  code: string;
  /** The source map, as JSON. */
  map: string;
}

/** TypeScript to JavaScript, both modules. @throws SyntaxError */
export function compile(source: string, style = STANDARD): Compiled {
  const { code, map = '' } = readably(() => loadSwc().transformSync(source, optionsFor(style)));
  return { code, map };
}

/** TypeScript to what Node's `require` loads. Imports that only types need are left out. @throws SyntaxError */
export function compileForNode(source: string): string {
  const options = optionsFor(STANDARD);
  const jsc = {
    ...options.jsc,
    transform: { ...options.jsc?.transform, verbatimModuleSyntax: false },
  };
  const module = { type: 'commonjs' } as const;
  return readably(
    () => loadSwc().transformSync(source, { ...options, jsc, module, sourceMaps: false }).code,
  );
}

/** The first line of what swc says: what follows draws the place, and tells where in swc it was noticed. */
function readably<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    const [line = ''] = String((error as Error).message).split('\n');
    throw new SyntaxError(line.replace(/^\s*x\s+/, ''));
  }
}
