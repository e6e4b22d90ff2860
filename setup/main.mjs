import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Children } from './engine/child.mjs';
import { diagnose } from './engine/diagnosis.mjs';
import { writeWhole } from './engine/files.mjs';
import { lab, root } from './engine/folders.mjs';
import { runSteps } from './engine/graph.mjs';
import { Interruption } from './engine/interruption.mjs';
import { Lock } from './engine/lock.mjs';
import {
  isShared,
  requireOpenPlace,
  requireOwnInstallation,
  sharedMark,
} from './engine/others.mjs';
import { requireUsablePlace } from './engine/place.mjs';
import { Report } from './engine/report.mjs';
import { steps, stepsForTests } from './steps/index.mjs';
import { sharedSteps } from './steps/shared.mjs';

/** @typedef {import('./engine/step.mjs').Step} Step */

const logFile = lab('logs', 'setup.log');

const CURRENT = '✓ Everything is set up already.';

/**
 * Installs and builds what is missing or was made from something older. Writes nothing if all is current.
 * @param {{ withTests?: boolean, shared?: boolean, sayWhenCurrent?: boolean }} [options] `shared`: others will use it, too
 * @returns {Promise<number>} exit code
 */
export async function setUp({ withTests = false, shared = false, sayWhenCurrent = false } = {}) {
  const wanted = [...(withTests ? stepsForTests : steps), ...(shared ? sharedSteps : [])];
  const report = new Report();
  // What is installed here others may use, and run: none of them may change it, whatever the user lets them elsewhere.
  const umask = process.umask();
  process.umask(umask | 0o022);
  try {
    requireUsablePlace();
    if (shared) share();
    if (wanted.every((step) => step.isCurrent())) {
      if (sayWhenCurrent) report.say(CURRENT);
      return 0;
    }
    requireOwnInstallation();
    return await work(wanted, report, sayWhenCurrent);
  } catch (error) {
    report.problem(diagnose(error, { doing: 'Setting up the lab' }), logFile);
    return 1;
  } finally {
    process.umask(umask);
    report.close();
  }
}

/** From here on Python has to be one that all may run. */
function share() {
  requireOpenPlace();
  if (!isShared()) writeWhole(sharedMark, '');
}

/** Logs are their user's alone, as those of the lab that runs. */
function beginLog() {
  mkdirSync(lab('logs'), { recursive: true, mode: 0o700 });
  writeFileSync(logFile, `${new Date().toISOString()} on Node ${process.version}\n`, {
    mode: 0o600,
  });
}

/**
 * Sets up, then does what `kafka-lab` does with these arguments, in this process.
 * @param {string[]} argv
 * @returns {Promise<number>} exit code
 */
export async function setUpAndRun(argv) {
  const code = await setUp();
  if (code !== 0) return code;
  const require = createRequire(import.meta.url);
  return require(join(root, 'lib', 'dist', 'cli', 'main.js')).run(argv);
}

/**
 * @param {Step[]} wanted
 * @param {Report} report
 * @param {boolean} sayWhenCurrent
 */
async function work(wanted, report, sayWhenCurrent) {
  const lock = new Lock(lab('setup.lock'));
  const children = new Children(logFile, (living) => lock.record(living));
  const interruption = new Interruption(children, () => report.stopping());
  try {
    await lock.acquire({
      signal: interruption.signal,
      onWait: (pid) =>
        report.say(`Another set-up (process ${pid}) is working in this folder; waiting.`),
    });
    beginLog();
    const run = interruption.guard(children.run);
    const { failed, ran } = await runSteps(wanted, (step) => step.run(run), report);
    if (interruption.code) return interruption.code;
    if (failed.length === 0 && ran.every((step) => step.quiet) && sayWhenCurrent)
      report.say(CURRENT);
    tell(failed, report);
    return failed.length > 0 ? 1 : 0;
  } catch (error) {
    if (interruption.code) return interruption.code;
    throw error;
  } finally {
    lock.release();
    interruption.close();
  }
}

/**
 * Two steps often fail for one reason, which is told once.
 * @param {{ step: Step, error: unknown }[]} failed
 * @param {Report} report
 */
function tell(failed, report) {
  const problems = failed.map(({ step, error }) => diagnose(error, { doing: step.title }));
  const told = new Set();
  for (const problem of problems) {
    if (told.has(problem.message)) continue;
    told.add(problem.message);
    report.problem(problem, logFile);
  }
}
