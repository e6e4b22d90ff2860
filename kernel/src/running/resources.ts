/** How one of them is disposed of. */
interface Held {
  dispose: () => unknown;
  isAsync: boolean;
}

/** What a cell declared by `using`: it is disposed of when the cell ends, however it does. */
export class Resources {
  private held: Held[] = [];
  private isOver = false;

  /**
   * As `using name = value` and, with `isAsync`, `await using`; returns the value. @throws TypeError if it cannot be
   * disposed of, Error if the cell is no longer waited for
   */
  readonly use = <T>(value: T, isAsync: boolean): T => {
    const held = { dispose: disposeOf(value, isAsync), isAsync };
    this.held.push(held);
    if (!this.isOver) return value;
    void this.dispose();
    throw new Error('The cell that declares this by `using` has ended.');
  };

  /** The last first. `failure`: the error of the cell, boxed. Returns what has failed in the end, if anything. */
  async dispose(failure?: { error: unknown }): Promise<{ error: unknown } | undefined> {
    this.isOver = true;
    const { held } = this;
    this.held = [];
    let failed = failure;
    for (const { dispose, isAsync } of held.reverse()) {
      try {
        const done = dispose();
        if (isAsync) await done;
      } catch (error) {
        failed = { error: failed ? suppressing(error, failed.error) : error };
      }
    }
    return failed;
  }
}

function disposeOf(value: unknown, isAsync: boolean): () => unknown {
  if (value == null) return () => {};
  const methods = value as { [key: symbol]: unknown };
  const method = (isAsync ? methods[Symbol.asyncDispose] : undefined) ?? methods[Symbol.dispose];
  if (typeof method === 'function') return () => method.call(value);
  const name = isAsync ? 'Symbol.asyncDispose' : 'Symbol.dispose';
  throw new TypeError(`What is declared by \`using\` has no method [${name}]().`);
}

/** As a SuppressedError, which not every Node has. */
function suppressing(error: unknown, suppressed: unknown): Error {
  const message = 'What the cell declared by `using` failed at its end, after another error.';
  return Object.assign(new Error(message), { name: 'SuppressedError', error, suppressed });
}
