/** What went wrong, in the words of whoever has to mend it. */
export class Problem extends Error {
  /**
   * @param {string} what happened
   * @param {object} [more]
   * @param {string} [more.why]
   * @param {string} [more.fix] the command that mends it
   * @param {string} [more.output] the last lines of a failed program
   * @param {unknown} [more.cause]
   */
  constructor(what, { why = '', fix = '', output = '', cause } = {}) {
    super(what, cause === undefined ? undefined : { cause });
    this.name = 'Problem';
    this.why = why;
    this.fix = fix;
    this.output = output;
  }
}

/** Set-up was told to stop. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`stopped by ${signal}`);
    this.signal = signal;
  }
}
