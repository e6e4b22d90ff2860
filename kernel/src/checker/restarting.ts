import { type Checker, CheckerLost } from './checker.js';

/** A checker whose process is started when it is needed, and anew when it has gone. */
export class RestartingChecker {
  private checker: Checker | undefined;

  /** `start` starts a process. */
  constructor(private readonly start: () => Checker) {}

  /** Starts the process, if none is there. */
  begin(): Checker {
    return (this.checker ??= this.start());
  }

  /** Calls the checker, or something that it answered. @throws CheckerLost; the next call has another process */
  call<T>(ask: (checker: Checker) => T): T {
    try {
      return ask(this.begin());
    } catch (error) {
      if (error instanceof CheckerLost) this.checker = undefined;
      throw error;
    }
  }

  close(): void {
    this.checker?.close();
  }
}
