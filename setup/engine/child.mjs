import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { diagnose, isWrongSum } from './diagnosis.mjs';
import { root } from './folders.mjs';
import { end, identify, signalGroup } from './processes.mjs';

/** @typedef {import('./processes.mjs').Identity} Identity */

/**
 * @typedef {object} RunOptions
 * @property {string} doing for people: 'Installing the npm packages'
 * @property {string} [fix] what mends it if it is no failure known to diagnosis.mjs
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] in addition to the present one
 * @property {string} [input]
 * @property {(line: string) => void} [onLine] each line of its standard output
 */

/** @typedef {(program: string, args: string[], options: RunOptions) => Promise<void>} Run */

const LAST_LINES = 20;

/** The line that lets a program begin. */
const BEGIN = '\n';
const isPosix = process.platform !== 'win32';

/** Runs programs, logs what they say, and can end them all. */
export class Children {
  #logFile;
  #onChange;
  #living = /** @type {Map<number, Identity>} */ (new Map());

  /**
   * @param {string} logFile
   * @param {(living: Identity[]) => void} [onChange]
   */
  constructor(logFile, onChange = () => {}) {
    this.#logFile = logFile;
    this.#onChange = onChange;
  }

  /**
   * Runs a program to its end; once more if what it was sent has a wrong checksum.
   * @type {Run}
   * @throws {Problem} if it cannot be started or exits other than with 0
   */
  run = async (program, args, options) => {
    try {
      await this.#runOnce(program, args, options);
    } catch (problem) {
      if (!isWrongSum(problem)) throw problem;
      await this.#runOnce(program, args, options);
    }
  };

  /** @type {Run} */
  #runOnce(program, args, { doing, fix, cwd = root, env = {}, input = '', onLine }) {
    return new Promise((resolve, reject) => {
      this.#log(`\n$ ${[program, ...args].join(' ')}\n`);
      // A group of its own: so it can be ended with all that it started.
      const child = spawn(...held(program, args), {
        cwd,
        env: { ...process.env, ...env },
        detached: isPosix,
        windowsHide: true,
      });
      this.#add(child.pid);
      const said = this.#listen(child, onLine);
      child.stdin.on('error', () => {}); // It may end without reading.
      child.stdin.end(isPosix ? BEGIN + input : input);
      child.on('error', (error) => reject(diagnose(error, { doing, fix })));
      child.on('close', (code, signal) => {
        this.#remove(child.pid);
        if (code === 0) return resolve();
        const ending = signal ? `was ended by ${signal}` : `ended with code ${code}`;
        const last = lastLines(said());
        reject(diagnose(new Error(`${program} ${ending}.`), { doing, fix, output: last }));
      });
    });
  }

  /** Ends what runs now, and waits for it. */
  async endAll() {
    await Promise.all([...this.#living.values()].map((child) => end(child)));
  }

  /** Ends what runs now, at once. */
  killAll() {
    for (const pid of this.#living.keys()) signalGroup(pid, 'SIGKILL');
  }

  /**
   * @param {import('node:child_process').ChildProcessWithoutNullStreams} child
   * @param {((line: string) => void) | undefined} onLine
   */
  #listen(child, onLine) {
    let said = '';
    let rest = '';
    const decoder = new StringDecoder('utf8');
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      this.#log(chunk);
      said = (said + chunk.toString()).slice(-20_000);
    };
    child.stderr.on('data', keep);
    child.stdout.on('data', (chunk) => {
      keep(chunk);
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine?.(line);
    });
    return () => said;
  }

  /** @param {number | undefined} pid */
  #add(pid) {
    const identity = pid && identify(pid);
    if (!identity) return;
    this.#living.set(identity.pid, identity);
    this.#tellChange();
  }

  /** @param {number | undefined} pid */
  #remove(pid) {
    if (pid && this.#living.delete(pid)) this.#tellChange();
  }

  #tellChange() {
    withoutFail(() => this.#onChange([...this.#living.values()]));
  }

  /** @param {string | Buffer} text */
  #log(text) {
    withoutFail(() => appendFileSync(this.#logFile, text));
  }
}

/**
 * A program that begins once it is sent a line, in the process that waits for it. So it is noted before it does anything: where set-up is
 * killed in between it gets no line, and ends.
 * @param {string} program
 * @param {string[]} args
 * @returns {[program: string, args: string[]]} on Windows the program itself
 */
function held(program, args) {
  return isPosix
    ? ['sh', ['-c', 'read -r line && exec "$@"', 'sh', program, ...args]]
    : [program, args];
}

/**
 * Notes are taken while programs run: on a full disk it is their failure that has to be told, not that of the notes.
 * @param {() => void} take
 */
function withoutFail(take) {
  try {
    take();
  } catch {
    // The program that needs the disk says so.
  }
}

/** @param {string} text */
function lastLines(text) {
  return text.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
}
