import { setTimeout as delay } from 'node:timers/promises';
import { log } from '../log.js';

/** Jupyter kills a kernel five seconds after asking it to end. */
const LIMIT_MS = 2000;

/** What has to be done before the process ends. */
export class Shutdown {
  private readonly hooks = new Set<() => unknown>();
  private done: Promise<void> | undefined;

  /** Adds a hook; returns how to take it back. */
  add(hook: () => unknown): () => void {
    const entry = () => hook(); // the same function may be added twice
    this.hooks.add(entry);
    return () => void this.hooks.delete(entry);
  }

  /** Runs all hooks side by side, once; resolves when they have ended or after two seconds. */
  run(): Promise<void> {
    return (this.done ??= this.runHooks());
  }

  private async runHooks(): Promise<void> {
    const ended = Promise.all([...this.hooks].map(called)).then(() => 'ended');
    const first = await Promise.race([ended, delay(LIMIT_MS, 'late', { ref: false })]);
    if (first === 'late') log(`shutdown hooks did not end within ${LIMIT_MS} ms`);
  }
}

async function called(hook: () => unknown): Promise<void> {
  try {
    await hook();
  } catch (error) {
    log('shutdown hook failed', error);
  }
}
