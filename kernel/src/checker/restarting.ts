import { type Checked, type Checker, CheckerLost } from './checker.js';

/** A checker whose process is started when it is needed, and anew when it has gone or its settings were changed. */
export class RestartingChecker {
  private checker: Checker | undefined;
  /** From then on none is started. */
  isClosed = false;

  /** `start` starts a process. */
  constructor(private readonly start: () => Checker) {}

  /** Starts the process, if none is there. @throws CheckerLost when it was closed */
  begin(): Checker {
    if (this.isClosed) throw new CheckerLost('It was closed.');
    return (this.checker ??= this.start());
  }

  /** Calls the checker, or something that it answered. @throws CheckerLost; the next call has another process */
  call<T>(ask: (checker: Pick<Checker, 'check'>) => T): T {
    try {
      return ask(this);
    } catch (error) {
      if (error instanceof CheckerLost) this.checker = undefined;
      throw error;
    }
  }

  /** As `Checker` does. */
  check(text: string): Checked {
    if (this.checker?.isOutdated()) {
      this.checker.close();
      this.checker = undefined;
    }
    return this.begin().check(text);
  }

  close(): void {
    this.isClosed = true;
    this.checker?.close();
  }
}
