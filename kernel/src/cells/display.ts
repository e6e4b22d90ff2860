import type { Host } from '../host.js';
import type { Shutdown } from '../interrupt/shutdown.js';
import { programOf } from '../running/program.js';
import type { Background } from './background.js';
import type { Cells } from './cells.js';
import type { Input } from './input.js';
import type { CellOutput } from './output.js';

const never = new AbortController().signal;

/** What a library may ask of this kernel. */
export function createHost(parts: {
  cells: Cells;
  background: Background;
  shutdown: Shutdown;
  output: CellOutput;
  input: Input;
  typescript: string;
}): Host {
  const { cells, background, shutdown, output, input, typescript } = parts;
  return {
    typescript,
    display: (data, { id, update = false, metadata = {} } = {}) =>
      output.show(
        {
          data,
          metadata,
          transient: id === undefined ? {} : { display_id: id },
        },
        update,
      ),
    clear: ({ wait = false } = {}) => output.clear(wait),
    input: (prompt, options) => input.ask(prompt, options),
    fail: (error) => background.fail(error),
    onShutdown: (hook) => shutdown.add(hook),
    signal: () => (cells.origin() ?? cells.running)?.signal ?? never,
    program: (module) => programOf(process.cwd(), module),
  };
}
