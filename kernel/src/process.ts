const POLL_MS = 1000;

/**
 * Makes what would end this process fail in the code that calls it: a cell that ends its kernel
 * would lose the learner's state and be shown as neither good nor bad. Returns the real exit.
 */
export function guardExit(): (code: number) => never {
  const exit = process.exit.bind(process) as (code: number) => never;
  const kill = process.kill.bind(process);
  process.exit = (code) => refuse(`process.exit(${code ?? ''})`);
  process.abort = () => refuse('process.abort()');
  process.kill = (pid, signal) => {
    if (pid === process.pid && signal !== 0) refuse('process.kill(process.pid)');
    return kill(pid, signal);
  };
  return exit;
}

function refuse(call: string): never {
  throw new Error(`${call} would end the kernel. Restart it from JupyterLab's Kernel menu.`);
}

/** Calls `onDeath` when the server that started this kernel, JPY_PARENT_PID, is gone. */
export function watchServer(onDeath: () => void): void {
  const server = Number(process.env['JPY_PARENT_PID']);
  if (!server) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent && isAlive(server)) return;
    clearInterval(timer);
    onDeath();
  }, POLL_MS);
  timer.unref();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
