import { rmSync } from 'node:fs';
import type { FromService, ServiceRecord } from '../lab/service/service-settings.js';

/** The notebook that has started this service: a world outside, which a crash of the service does not touch. */
export class Parent {
  private done = () => {};

  constructor() {
    process.on('message', () => this.done());
  }

  /** Has the notebook do its part with a record, and waits until it has. One at a time. */
  async handOver(record: ServiceRecord): Promise<void> {
    await new Promise<void>((resolve) => {
      this.done = resolve;
      say({ record });
    });
  }

  /** Stands still for ever, and says so: whatever happens next, nothing follows from here. */
  async stand(): Promise<never> {
    say({ stands: true });
    return new Promise<never>(() => {});
  }
}

/** Where the notebook is gone, so will this process be: its input has ended. */
function say(message: FromService): void {
  process.send?.(message, () => {});
}

/** Whoever started this process is gone when its input ends: there is nobody left to work for, nor to read its facts. */
export function endWithParent(facts: string): void {
  process.stdin.on('end', () => {
    rmSync(facts, { force: true });
    process.exit(0);
  });
}
