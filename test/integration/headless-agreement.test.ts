import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, Started } from '../support/command.ts';

// What other tools make of the same notebooks: they exit with 0 where npm run notebooks does, and only there.
const SECONDS = '20';
const GOOD = ['good'];
const BAD = ['throws', 'background', 'compile-error', 'dies', 'endless'];

const folder = mkdtempSync(join(tmpdir(), 'agreement-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fixture = (name: string) => join(ROOT, 'test', 'fixtures', 'notebooks', `${name}.ipynb`);

const tools: Record<string, { main: string; args(name: string): string[] }> = {
  nbconvert: {
    main: 'nbconvert.nbconvertapp:main',
    args: (name) => [
      ...['--to', 'notebook', '--execute', `--ExecutePreprocessor.timeout=${SECONDS}`],
      ...['--output-dir', join(folder, 'nbconvert'), fixture(name)],
    ],
  },
  papermill: {
    main: 'papermill.cli:papermill',
    args: (name) => [
      ...['--execution-timeout', SECONDS, '--no-progress-bar'],
      ...[fixture(name), join(folder, `papermill-${name}.ipynb`)],
    ],
  },
  nbmake: {
    main: 'pytest:console_main',
    args: (name) => [
      ...['-q', '-p', 'no:cacheprovider', '--nbmake', `--nbmake-timeout=${SECONDS}`],
      fixture(name),
    ],
  },
};

/** The tool's own main, without the two seconds that jsonschema's IRI grammar takes at each start. */
function runTool(tool: string, name: string): Promise<{ code: number | null; output: string }> {
  const { main, args } = tools[tool]!;
  const [module, entry] = main.split(':');
  const script =
    `import sys; sys.path.insert(0, ${JSON.stringify(join(ROOT, 'lib', 'python'))}); ` +
    `import shortcuts; shortcuts.no_iri_grammar(); sys.argv[0] = '${tool}'; ` +
    `from ${module} import ${entry} as main; sys.exit(main())`;
  const python = join(ROOT, '.lab', 'venv-test', 'bin', 'python');
  return new Started(python, ['-c', script, ...args(name)], {
    JUPYTER_PATH: join(ROOT, '.lab', 'venv', 'share', 'jupyter'),
    JUPYTER_CONFIG_DIR: join(folder, 'config'),
    JUPYTER_DATA_DIR: join(folder, 'data'),
    JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
    KAFKA_LAB_STATE: join(folder, 'state'),
  }).ended;
}

const outcomes = new Map<string, { code: number | null; output: string }>();

beforeAll(async () => {
  const runs = Object.keys(tools).flatMap((tool) => [...GOOD, ...BAD].map((name) => [tool, name]));
  const queue = runs.values();
  const worker = async () => {
    for (const [tool, name] of queue) {
      outcomes.set(`${tool} ${name}`, await runTool(tool!, name!));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}, 300_000);

describe.each(Object.keys(tools))('%s', (tool) => {
  test.each(GOOD)('passes %s', (name) => {
    const { code, output } = outcomes.get(`${tool} ${name}`)!;
    expect(code, output).toBe(0);
  });

  test.each(BAD)('fails %s', (name) => {
    const { code, output } = outcomes.get(`${tool} ${name}`)!;
    expect(code, output).toBeGreaterThan(0);
    // For the notebook's sake, not for want of a kernel or a tool.
    expect(output).not.toMatch(/NoSuchKernel|ModuleNotFoundError|No module named/);
  });
});
