/** @typedef {import('./step.mjs').Step} Step */

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Tells how set-up goes: one line a step; on a terminal a moving one as well for what runs now. */
export class Report {
  #out;
  #moves;
  #colours;
  #running = /** @type {Map<Step, number>} */ (new Map());
  #timer = /** @type {NodeJS.Timeout | undefined} */ (undefined);
  #frame = 0;
  #stopping = false;

  /** @param {NodeJS.WriteStream} [out] @param {NodeJS.ProcessEnv} [env] */
  constructor(out = process.stdout, env = process.env) {
    this.#out = out;
    this.#moves = Boolean(out.isTTY) && !env['CI'] && env['TERM'] !== 'dumb';
    this.#colours = Boolean(out.isTTY) && !env['NO_COLOR'];
  }

  /** @param {Step} step */
  started = (step) => {
    this.#running.set(step, performance.now());
    if (!this.#moves || this.#timer) return;
    this.#timer = setInterval(() => this.#draw(), 100);
    this.#timer.unref();
  };

  /** @param {Step} step @param {number} seconds */
  done = (step, seconds) => {
    this.#running.delete(step);
    if (!step.quiet)
      this.say(
        `${this.#paint(32, '✓')} ${step.title} ${this.#paint(2, `${seconds.toFixed(1)} s`)}`,
      );
  };

  /** @param {Step} step */
  failed = (step) => {
    this.#running.delete(step);
    if (this.#stopping) return;
    this.say(`${this.#paint(31, '✗')} ${step.title}`);
  };

  /** @param {string} line */
  say(line) {
    this.#out.write(`${this.#moves ? '\r\x1b[2K' : ''}${line}\n`);
  }

  /** Somebody ends set-up: what fails from now on has no other reason. */
  stopping() {
    this.#stopping = true;
    this.say('Stopped before it was done. To go on: npm run setup');
  }

  /**
   * What happened, why, and the command that mends it.
   * @param {import('./problem.mjs').Problem} problem
   * @param {string} logFile
   */
  problem(problem, logFile) {
    this.say('');
    if (problem.output) this.say(indent(problem.output, '  │ '));
    this.say(`${this.#paint(31, '✗')} ${problem.message}`);
    if (problem.why) this.say(`  ${problem.why}`);
    if (problem.fix) this.say(`  To mend it: ${problem.fix}`);
    if (problem.output) this.say(`  All output: ${logFile}`);
  }

  /** Takes the moving line away. */
  close() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#moves) this.#out.write('\r\x1b[2K');
  }

  #draw() {
    if (this.#running.size === 0) return;
    const frame = FRAMES[this.#frame++ % FRAMES.length];
    const names = [...this.#running.keys()].map((step) => step.title).join(' · ');
    const seconds = Math.floor((performance.now() - Math.min(...this.#running.values())) / 1000);
    const line = `${frame} ${names} ${seconds} s`;
    this.#out.write(`\r\x1b[2K${line.slice(0, (this.#out.columns || 80) - 1)}`);
  }

  /** @param {number} colour @param {string} text */
  #paint(colour, text) {
    return this.#colours ? `\x1b[${colour}m${text}\x1b[0m` : text;
  }
}

/** @param {string} text @param {string} margin */
function indent(text, margin) {
  return text.replace(/^/gm, margin);
}
