import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addModuleCell } from '../../../kernel/src/files.ts';
import { programOf } from '../../../kernel/src/running/program.ts';
import { OwnModules } from '../../../lib/src/shop/own-modules.ts';
import { folderForTest } from '../../support/folder.ts';

/** The modules that these cells are, as the kernel hands them over, and what the first of them exports once it runs. */
function ran(cells: Record<string, string>, first: string, packages = {}): unknown {
  const folder = folderForTest();
  for (const [name, text] of Object.entries(cells)) addModuleCell(join(folder, `${name}.ts`), text);
  const code = programOf(folder, first);
  return code && new OwnModules(code, packages).first();
}

test('cells that are modules run elsewhere, with what they import, in a circle, too', () => {
  const exported = ran(
    {
      main: "import { twice } from './twice';\nimport type { N } from './twice.ts';\nexport const start = (n: N): number => twice(n);",
      twice:
        "import { by } from './by.js';\nexport type N = number;\nexport const twice = (n: N) => n * by();\nexport const two = 2;",
      by: "import { two } from './twice';\nexport const by = () => two;",
    },
    'main',
  ) as { start(n: number): number };
  expect(exported.start(4)).toBe(8);
});

test('packages are those that were given, or are installed', () => {
  const exported = ran(
    {
      main: "import { Kafka } from 'kafkajs';\nimport { sep } from 'node:path';\nexport default [Kafka, sep];",
    },
    'main',
    { kafkajs: { Kafka: 'watched' } },
  );
  expect(exported).toMatchObject({ default: ['watched', '/'] });
});

test('no module of that name is no program; one that is broken says why', () => {
  expect(ran({ main: 'export const a = 1;' }, 'other')).toBeUndefined();
  expect(() => ran({ main: "import { a } from './gone';\nexport const b = a;" }, 'main')).toThrow(
    "Cannot find module './gone'",
  );
});
