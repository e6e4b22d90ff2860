import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../errors.js';
import { installed, root } from '../paths.js';
import type { Finding, Probe } from './examination.js';

const MEND = 'npm run setup';

interface StepState {
  title: string;
  current: boolean;
}

/** Asks set-up itself what it would do now. */
export const setUp: Probe = {
  name: 'Set-up',
  limit: 10_000,
  fix: MEND,
  look: async () => {
    const script = join(root, 'setup', 'state.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 9000 });
    const steps = JSON.parse(stdout) as StepState[];
    const due = steps.filter(({ current }) => !current).map(({ title }) => title);
    return {
      lines: [due.length === 0 ? 'complete' : `to be done again: ${due.join('; ')}`],
      facts: { steps },
      findings: due.length === 0 ? [] : [outdated(due)],
    };
  },
};

function outdated(due: string[]): Finding {
  const parts = due.length === 1 ? 'This part is' : 'These parts are';
  return { what: `${parts} missing or out of date: ${due.join('; ')}.`, fix: MEND };
}

/** The same as far as it costs next to nothing: are the files there, and is it this folder's set-up? */
export function quickSetUp(): Finding[] {
  try {
    const { root: place, python, java, jars } = installed();
    if (place !== root) return [{ what: `The lab was moved here from ${place}.`, fix: MEND }];
    const missing = [python, java, ...jars].filter((file) => !existsSync(file));
    if (missing.length === 0) return [];
    const more = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
    return [{ what: `Missing: ${missing[0]}${more}.`, fix: MEND }];
  } catch (error) {
    return [{ what: messageOf(error), fix: MEND }];
  }
}
