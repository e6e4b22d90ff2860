/** Every way in which the kernel itself refuses. */
export type KernelErrorCode =
  | 'BAD_OPTION'
  | 'NO_CONNECTION_FILE'
  | 'NO_ENVIRONMENT'
  | 'NO_INPUT'
  | 'NOT_INSTALLED'
  | 'NOT_LASTING'
  | 'NOT_OURS'
  | 'NOT_SUPPORTED'
  | 'NOT_WRITABLE';

/** What happened, why, and what mends it: each a sentence. */
interface Explanation {
  what: string;
  why: string;
  fix: string;
  cause?: unknown;
}

/**
 * The kernel's own errors. Any error of a library with `what`, `why` and `fix`, each a string, is shown as this one is:
 * by its sentences, without a stack.
 */
export class KernelError extends Error {
  override readonly name = 'KernelError';
  readonly what: string;
  readonly why: string;
  readonly fix: string;

  constructor(
    readonly code: KernelErrorCode,
    { what, why, fix, cause }: Explanation,
  ) {
    super([what, why, fix].join(' '), cause === undefined ? undefined : { cause });
    this.what = what;
    this.why = why;
    this.fix = fix;
  }
}

/** The sentence of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
