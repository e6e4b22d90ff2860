import { type ClassSharing, classSharing } from '../broker/config/class-sharing.js';
import { LabError } from '../errors.js';
import { appendLog } from '../log.js';
import { stateDir } from '../paths.js';
import { writePrivate } from '../private.js';
import { readJson } from '../processes/files.js';
import type { Examined, Finding, Probe } from './examination.js';

/** How the last attempt to tell the class went. Times in milliseconds since 1970. */
interface Told {
  topic: string;
  time: number;
  /** Why it failed; absent where it did not. */
  why?: string;
}

const file = () => stateDir('run', 'class.json');
const log = () => stateDir('logs', 'class.log');

/** Notes for the doctor that the class was told. Never fails. */
export function noteClassSent(topic: string): void {
  note({ topic, time: Date.now() });
}

/** Notes for the doctor, and in the log, that the class could not be told. Never fails. */
export function noteClassFailure(topic: string, why: string): void {
  const time = Date.now();
  const line = why.replace(/\s+/g, ' ').slice(0, 300);
  ifPossible(() => appendLog(log(), `${new Date(time).toISOString()} ${topic}: ${line}\n`));
  note({ topic, time, why: line });
}

/** Whether this learner shares anything with the class, and whether that arrives. */
export const classSharingProbe: Probe = {
  name: 'Class',
  limit: 1000,
  fix: 'unset KAFKA_LAB_CLASS',
  look: () => {
    const invalid = quickClassSharing();
    if (invalid.length > 0)
      return { lines: ['not shared'], facts: { sharing: 'off' }, findings: invalid };
    return sharingExamined(classSharing(), readJson<Told>(file()));
  },
};

/** What is wrong with the setting itself. */
export function quickClassSharing(): Finding[] {
  try {
    classSharing();
    return [];
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return [{ what: error.what, fix: error.fix }];
  }
}

export function sharingExamined(sharing: ClassSharing, told: Partial<Told> = {}): Examined {
  if (sharing === 'off') return { lines: ['nothing is shared'], facts: { sharing }, findings: [] };
  const { topic, time, why } = told;
  const what = sharing === 'on' ? 'progress is shared' : 'progress and predictions are shared';
  const state = why === undefined ? 'sent' : 'not sent';
  const last = time === undefined ? 'nothing sent yet' : `${state} ${clock(time)} to ${topic}`;
  const finding = {
    what: `The class does not see your newest progress: ${why}`,
    fix: 'npx --no kafka-lab class',
  };
  return {
    lines: [`${what}; ${last}`],
    facts: { sharing, topic: topic ?? null, time: time ?? null, why: why ?? null },
    findings: why === undefined ? [] : [finding],
  };
}

const clock = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ');

function note(told: Told): void {
  ifPossible(() => writePrivate(file(), JSON.stringify(told)));
}

/** What is noted is of use, and nothing else may fail for it: not even on a full disk. */
function ifPossible(write: () => void): void {
  try {
    write();
  } catch {
    // such as a full disk
  }
}
