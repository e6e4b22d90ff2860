import { LOOK_EVERY } from '../../class-board/class-board.js';
import { ClassReader } from '../../class-board/reader.js';
import { pause } from '../../waiting.js';
import { classLines } from './class-lines.js';
import type { Session } from './session.js';

export interface ClassShown {
  lines: readonly string[];
  /** For programs: one object a learner. */
  learners: object[];
}

/** Shows the board of the class now and, unless it is asked `once`, again each second until the command ends. */
export async function watchClass(
  { admin, brokers, ended }: Session,
  once: boolean,
  show: (board: ClassShown) => Promise<unknown>,
): Promise<void> {
  const reader = new ClassReader(admin, brokers);
  do {
    await reader.look();
    const { learners } = reader;
    await show({
      lines: classLines(learners, reader.course),
      learners: learners.map(({ lessons, ...one }) => ({
        ...one,
        lessons: Object.fromEntries(lessons),
      })),
    });
    if (!once) await pause(LOOK_EVERY, ended);
  } while (!once && !ended.aborted);
}
