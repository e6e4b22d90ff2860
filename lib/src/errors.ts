/** Every way in which the lab itself can refuse or fail. A closed list, so that a caller can switch on it. */
export const LAB_ERROR_CODES = [
  'NOT_SET_UP',
  'BAD_INPUT',
  'BROKER_FAILED',
  'BROKER_UNREACHABLE',
  'BROKER_REFUSED',
  'BROKER_LOST',
  'QUEUE_FAILED',
  'QUEUE_UNREACHABLE',
  'QUEUE_LOST',
  'JUPYTER_FAILED',
  'TIMED_OUT',
  'INTERRUPTED',
  'NO_INPUT',
  'CHECK_FAILED',
  'CONSUMER_CRASHED',
  'LAB_CLOSED',
  'SYSTEM_REFUSED',
] as const;

export type LabErrorCode = (typeof LAB_ERROR_CODES)[number];

/** What happened, why, and the one thing that mends it: each a sentence. `fix` may be empty where nothing can be done. */
export interface LabErrorText {
  what: string;
  why?: string;
  fix?: string;
  cause?: unknown;
}

/**
 * The one error class of the lab. `message` is the sentences in order, ready to be shown. The kernel knows `what`, `why` and
 * `fix` by their names, and shows them without a stack.
 */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly what: string;
  readonly why: string;
  readonly fix: string;

  constructor(
    readonly code: LabErrorCode,
    { what, why = '', fix = '', cause }: LabErrorText,
  ) {
    super([what, why, fix].filter(Boolean).join(' '), cause === undefined ? undefined : { cause });
    this.what = what;
    this.why = why;
    this.fix = fix;
  }
}

/** The sentence of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
