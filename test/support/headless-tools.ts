import { basename, dirname, join } from 'node:path';
import { ROOT, Started } from './command.ts';

/** How long a cell may take, in s. */
const LIMIT = '20';

interface Tool {
  main: string;
  args(path: string, copy: string): string[];
}

/** What others execute notebooks with. Each reads `path` and writes its outputs to `copy`; nbmake, which cannot, to `path`. */
export const TOOLS: Record<string, Tool> = {
  'jupyter execute': {
    main: 'nbclient.cli:main',
    args: (path, copy) => [`--timeout=${LIMIT}`, '--output', copy, path],
  },
  nbconvert: {
    main: 'nbconvert.nbconvertapp:main',
    args: (path, copy) => [
      ...['--to', 'notebook', '--execute', `--ExecutePreprocessor.timeout=${LIMIT}`],
      ...['--output-dir', dirname(copy), '--output', basename(copy), path],
    ],
  },
  papermill: {
    main: 'papermill.cli:papermill',
    args: (path, copy) => [
      ...['--execution-timeout', LIMIT, '--no-progress-bar', '--cwd', dirname(path)],
      ...[path, copy],
    ],
  },
  nbmake: {
    main: 'pytest:console_main',
    args: (path) => [
      ...['-q', '-p', 'no:cacheprovider', '--nbmake', `--nbmake-timeout=${LIMIT}`],
      ...['--overwrite', path],
    ],
  },
};

/** Runs the tool's own main, without the two seconds that jsonschema's IRI grammar takes at each start. */
export function runTool(
  tool: string,
  notebook: { path: string; copy: string; folder: string },
): Promise<{ code: number | null; output: string }> {
  const { main, args } = TOOLS[tool] as Tool;
  const [module, entry] = main.split(':');
  const script =
    `import sys; sys.path.insert(0, ${JSON.stringify(join(ROOT, 'lib', 'python'))}); ` +
    `import shortcuts; shortcuts.no_iri_grammar(); sys.argv[0] = '${tool}'; ` +
    `from ${module} import ${entry} as main; sys.exit(main())`;
  const { path, copy, folder } = notebook;
  return testPython(['-c', script, ...args(path, copy)], join(folder, 'state')).ended;
}

/** The Python of the tests. Its Jupyter knows the kernel as it is registered, and writes into `state` alone. */
export function testPython(args: string[], state: string): Started {
  return new Started(join(ROOT, '.lab', 'venv-test', 'bin', 'python'), args, {
    JUPYTER_PATH: join(ROOT, '.lab', 'venv', 'share', 'jupyter'),
    JUPYTER_CONFIG_DIR: join(state, 'config'),
    JUPYTER_DATA_DIR: join(state, 'data'),
    JUPYTER_RUNTIME_DIR: join(state, 'runtime'),
    KAFKA_LAB_STATE: state,
  });
}
