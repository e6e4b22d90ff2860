/** Runs `body` without Node's warnings: it calls experimental what this kernel has tested in the Nodes that it runs on. */
export function quietly<T>(body: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return body();
  } finally {
    process.emitWarning = emitWarning;
  }
}
