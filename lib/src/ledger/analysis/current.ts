import type { Ledger } from '../store/ledger.js';

/** The lesson that is open in this process, and what happened in it. */
export interface CurrentLesson {
  /** The notebook's name, such as `05-scaling`. */
  lesson: string;
  ledger: Ledger;
}

let opened: CurrentLesson | undefined;

/** Called when a lab is opened: from now on checks are about this lesson. */
export function openLesson(lesson: CurrentLesson): void {
  opened = lesson;
}

export function currentLesson(): CurrentLesson | undefined {
  return opened;
}
