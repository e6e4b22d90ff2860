import { basename } from 'node:path';

/** A module that a file in the folder imports. */
export interface Import {
  folder: string;
  id: string;
}

/** Code of a file that awaits outside of functions. */
interface Awaiting {
  path: string;
  run: () => unknown;
}

/** Loading a file, step by step: so `import` and `require` differ only in whether they wait. */
export type Steps<T> = Generator<Import | Awaiting, T, unknown>;

export async function inTime<T>(
  steps: Steps<T>,
  load: (module: Import) => Promise<unknown>,
): Promise<T> {
  let next = steps.next();
  while (!next.done) {
    const step = next.value;
    try {
      const value = await ('run' in step ? step.run() : load(step));
      next = steps.next(value);
    } catch (error) {
      next = steps.throw(error);
    }
  }
  return next.value;
}

/** @throws Error where it would have to wait */
export function atOnce<T>(steps: Steps<T>, load: (module: Import) => unknown): T {
  let next = steps.next();
  while (!next.done) {
    const step = next.value;
    try {
      if ('run' in step) throw new Error(`${basename(step.path)} awaits: import it.`);
      next = steps.next(load(step));
    } catch (error) {
      next = steps.throw(error);
    }
  }
  return next.value;
}
