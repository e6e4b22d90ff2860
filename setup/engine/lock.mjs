import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { remove, textOf, writeWhole } from './files.mjs';
import { entries } from './folders.mjs';
import { Problem } from './problem.mjs';
import { end, identify, isAlive } from './processes.mjs';

/** @typedef {import('./processes.mjs').Identity} Identity */

/** How the name ends of what was cut off while it was written. */
const DRAFT = /\.\d+\.tmp$/;

/**
 * One set-up at a time works in a folder. Each writes an entry that bears its own process's name, and holds the
 * lock if it then sees no other living one. A dead process's entry counts for nothing, whoever removes it and when:
 * no other process will ever bear that name. So there is no moment at which a take-over could go wrong.
 */
export class Lock {
  #folder;
  #self;
  #claimed = false;

  /** @param {string} folder of the entries @param {Identity | undefined} [self] */
  constructor(folder, self = identify(process.pid)) {
    this.#folder = folder;
    this.#self = self ?? { pid: process.pid, started: 'unknown' };
  }

  /**
   * @param {object} [options]
   * @param {(holder: number) => void} [options.onWait] called once with the process that has it
   * @param {number} [options.timeout] ms
   * @param {AbortSignal} [options.signal]
   * @throws {Problem} if the other one still works then
   */
  async acquire({ onWait, timeout = 900_000, signal } = {}) {
    mkdirSync(this.#folder, { recursive: true });
    const giveUpAt = Date.now() + timeout;
    for (let said = false; ; ) {
      const holder = (await this.#others())[0] ?? (await this.#claim());
      if (!holder) return;
      if (!said) onWait?.(holder.pid);
      said = true;
      if (Date.now() > giveUpAt) throw stillWorking(holder.pid, timeout);
      await delay(100 + Math.random() * 100, undefined, signal ? { signal } : {});
    }
  }

  /**
   * Notes the programs that this set-up runs, so that whoever finds it killed can end them.
   * @param {Identity[]} children
   */
  record(children) {
    if (this.#claimed) writeWhole(this.#entry(this.#self), JSON.stringify(children));
  }

  release() {
    this.#claimed = false;
    remove(this.#entry(this.#self));
  }

  /** @returns {Promise<Identity | undefined>} the other one, if this process has to wait */
  async #claim() {
    this.#claimed = true;
    this.record([]);
    const others = await this.#others();
    if (others.length === 0) return undefined;
    this.release();
    return others[0];
  }

  /** The living ones; what dead ones left running is ended. */
  async #others() {
    const living = [];
    for (const name of entries(this.#folder)) {
      const identity = parse(name.replace(DRAFT, ''));
      if (!identity || nameOf(identity) === nameOf(this.#self)) continue;
      if (!isAlive(identity)) await this.#clearAfter(identity, name);
      else if (!DRAFT.test(name)) living.push(identity);
    }
    return living;
  }

  /** @param {Identity} dead @param {string} name of its entry, or of one that it had not finished writing */
  async #clearAfter(dead, name) {
    const children = /** @type {Identity[]} */ (JSON.parse(textOf(this.#entry(dead)) || '[]'));
    await Promise.all(children.map((child) => end(child)));
    remove(this.#entry(dead));
    remove(join(this.#folder, name));
  }

  /** @param {Identity} identity */
  #entry(identity) {
    return join(this.#folder, nameOf(identity));
  }
}

/** @param {Identity} identity */
const nameOf = ({ pid, started }) => `${pid}@${started}`;

/** @param {string} name @returns {Identity | undefined} */
function parse(name) {
  const [, pid, started] = /^(\d+)@(\w+)$/.exec(name) ?? [];
  return pid && started ? { pid: Number(pid), started } : undefined;
}

/** @param {number} pid @param {number} timeout ms */
function stillWorking(pid, timeout) {
  return new Problem(
    `Another set-up (process ${pid}) has been working in this folder all the time.`,
    {
      why: `Only one at a time can, and this one has waited for ${Math.round(timeout / 60_000)} minutes.`,
      fix: `If it hangs: kill ${pid} && npm run setup`,
    },
  );
}
