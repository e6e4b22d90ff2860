import { readProgress, resetProgress } from '../../lessons/index.js';
import { count } from '../../words.js';
import type { Session } from '../kafka/session.js';
import { confirmed } from '../ui/confirm.js';
import { visible } from '../ui/text.js';
import { reset as carryOut, type Plan, planReset } from './cleaning.js';
import { type FilesPlan, planFiles, restoreFiles } from './course-files.js';

export const PARTS = ['notebooks', 'topics', 'groups', 'progress'] as const;
export type Part = (typeof PARTS)[number];

/** One part of the work: what it would do, and doing it. */
interface Step {
  lines: string[];
  /** Something cannot be done: said, and an exit code of 1. */
  failed?: boolean;
  /** Absent where there is nothing to do. @returns what was done */
  carryOut?: () => Promise<string[]>;
}

/** Lists what changes, asks unless `sure`, and does it. `session` is needed for topics and groups, `prefix` limits
 * them to one learner's. @returns the exit code */
export async function resetParts(
  parts: ReadonlySet<Part>,
  sure: boolean,
  session?: Session,
  prefix?: string,
): Promise<number> {
  const steps: Step[] = [];
  if (parts.has('notebooks')) steps.push(notebooks(await planFiles()));
  if (session) {
    const wanted = { topics: parts.has('topics'), groups: parts.has('groups') };
    steps.push(onKafka(session, await planReset(session, wanted, prefix)));
  }
  if (parts.has('progress')) steps.push(progress());
  for (const line of steps.flatMap(({ lines }) => lines)) console.log(visible(line));
  const code = steps.some(({ failed }) => failed) ? 1 : 0;
  const work = steps.flatMap((step) => step.carryOut ?? []);
  if (work.length === 0) console.log('There is nothing to reset.');
  else if (!sure && !(await confirmed('Do this?', session?.ended)))
    console.log('Nothing was changed.');
  else for (const carryOut of work) for (const line of await carryOut()) console.log(visible(line));
  return code;
}

function notebooks(plan: FilesPlan | { impossible: string }): Step {
  if ('impossible' in plan)
    return { lines: [`leave   all notebooks: ${plan.impossible}`], failed: true };
  const { changed, missing, own } = plan;
  const lines = [
    ...changed.map((file) => `restore ${file}; yours is kept`),
    ...missing.map((file) => `restore ${file}, which is gone`),
    ...own.map((file) => `leave   ${file}: it is your own`),
  ];
  const total = changed.length + missing.length;
  if (total === 0) return { lines };
  return {
    lines,
    carryOut: async () => {
      const kept = await restoreFiles(plan);
      const yours = kept ? ` Your changed ones are in ${kept}.` : '';
      return [
        `Restored ${count(total, 'notebook')}.${yours}`,
        'If one is open in JupyterLab: File → Reload Notebook from Disk.',
      ];
    },
  };
}

function onKafka(session: Session, plan: Plan): Step {
  const { topics, groups, left } = plan;
  const lines = [
    ...topics.map((name) => `delete  topic ${name}`),
    ...groups.map((name) => `delete  group ${name}`),
    ...left.map(({ name, why }) => `leave   ${name}: ${why}`),
  ];
  if (topics.length + groups.length === 0) return { lines };
  return {
    lines,
    carryOut: async () => {
      const stayed = await carryOut(session, plan);
      const gone = groups.length - stayed.length;
      return [
        `Deleted ${count(topics.length, 'topic')} and ${count(gone, 'group')}.`,
        ...stayed.map((group) => `Kept group ${group}: it has members now.`),
      ];
    },
  };
}

function progress(): Step {
  const lessons = readProgress();
  const sum = (number: (lesson: (typeof lessons)[number]) => number) =>
    lessons.reduce((total, lesson) => total + number(lesson), 0);
  const checks = sum((lesson) => lesson.checks.passed);
  const exercises = sum((lesson) => lesson.exercises.solved);
  const answers = sum((lesson) => Number(lesson.hasAnswer));
  if (checks + exercises + answers === 0) return { lines: [] };
  const what = [
    ...[count(checks, 'check'), count(exercises, 'exercise')],
    ...(answers > 0 ? [count(answers, 'answer')] : []),
  ];
  return {
    lines: [`forget  progress: ${what.join(', ')}`],
    carryOut: async () => {
      resetProgress();
      return ['Progress is forgotten.'];
    },
  };
}
