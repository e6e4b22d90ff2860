import { LabError } from '../errors.js';

/** Whether a lab is open, for all that needs it to be. */
export class Open {
  private isOpen = true;

  constructor(private readonly notebook: string) {}

  end(): void {
    this.isOpen = false;
  }

  /** @throws LabError LAB_CLOSED */
  require(): void {
    if (this.isOpen) return;
    throw new LabError('LAB_CLOSED', {
      what: 'The lab of this notebook is closed.',
      why: 'It was closed, or opened again: its earlier clients and services have left.',
      fix: `Run the cell with openLab('${this.notebook}') first, then those above this one: Run → Run All Above Selected Cell.`,
    });
  }

  /** Makes all that a client does refuse once the lab is closed, but what ends it. */
  guard<C extends object>(client: C): C {
    const calls = client as Record<string, unknown>;
    for (const [name, call] of Object.entries(calls)) {
      if (typeof call !== 'function' || HARMLESS.has(name)) continue;
      calls[name] = (...args: unknown[]) => {
        this.require();
        return call.apply(client, args);
      };
    }
    return client;
  }
}

const HARMLESS = new Set(['disconnect', 'stop', 'on', 'logger']);
