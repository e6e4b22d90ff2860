import type { Host } from '../host.js';
import type { Background } from './background.js';
import type { Cells } from './cells.js';
import type { DisplayContent } from './messages.js';
import type { Shutdown } from './shutdown.js';

/** Sends a display; with `update`, in place of an earlier one of the same id. */
export type Show = (content: DisplayContent, update: boolean) => void;

const never = new AbortController().signal;

/** What the library may ask of this kernel. */
export function createHost(parts: {
  cells: Cells;
  background: Background;
  shutdown: Shutdown;
  show: Show;
}): Host {
  const { cells, background, shutdown, show } = parts;
  return {
    display: (data, { id, update = false } = {}) =>
      show({ data, metadata: {}, transient: id === undefined ? {} : { display_id: id } }, update),
    fail: (error) => background.fail(error),
    onShutdown: (hook) => shutdown.add(hook),
    signal: () => (cells.origin() ?? cells.running)?.signal ?? never,
  };
}
