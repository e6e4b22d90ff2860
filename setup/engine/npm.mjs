import { execFileSync } from 'node:child_process';

const CHECK_MS = 500;

/**
 * Calls `gone` once the npm that called us is gone: killed, it cannot tell us, and we would go on by ourselves.
 * The same for the lab itself is in lib/src/terminal/ui/endings.ts, which does without set-up.
 * @param {() => void} gone
 * @returns {NodeJS.Timeout | undefined} undefined if no npm did
 */
export function watchNpm(gone) {
  if (!process.env['npm_lifecycle_event']) return undefined;
  const parent = process.ppid;
  const npm = beyondShell(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && isThere(npm)) return;
    clearInterval(timer);
    gone();
  }, CHECK_MS);
  return timer.unref();
}

/**
 * npm starts a script by way of a shell, which stays in between on some systems and outlives npm there.
 * @param {number} parent
 */
function beyondShell(parent) {
  try {
    const args = ['-o', 'ppid=,command=', '-p', String(parent)];
    const line = execFileSync('ps', args, { encoding: 'utf8' });
    const [, grandparent, command = ''] = /^\s*(\d+)\s+(.*)/.exec(line) ?? [];
    return grandparent && /^(\S*\/)?(da|ba|z)?sh -c /.test(command) ? Number(grandparent) : parent;
  } catch {
    return parent; // Without `ps`, such as on Windows.
  }
}

/** @param {number} pid */
function isThere(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
