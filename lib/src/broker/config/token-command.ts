import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { LabError } from '../../errors.js';
import { withDeadline } from '../../waiting.js';

/** In ms. Those who ask a provider's server need a second or two. */
const LIMIT = 10_000;
const VARIABLE = 'KAFKA_SASL_TOKEN_COMMAND';

/**
 * What a command of the user's prints. It may hold secrets: the list of processes shows the name of its variable alone, and no message
 * repeats it, or what it prints.
 * @throws LabError BAD_INPUT where it fails, or takes longer than 10 s
 */
export async function outputOf(command: string, name: string, limit = LIMIT): Promise<string> {
  const child = spawn('/bin/sh', ['-c', `eval "$${VARIABLE}"`], {
    env: { ...process.env, [VARIABLE]: command },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true, // a group of its own, which ends as a whole
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const printed = text(child.stdout).catch(() => '');
  const how = await withDeadline(ended, {
    ms: limit,
    late: () => {
      endGroup(child.pid);
      return undefined;
    },
  });
  if (how === 'exit code 0') return printed;
  throw new LabError('BAD_INPUT', {
    what: `${name} gives no token: ${how ? `its command ended with ${how}` : `its command has not ended within ${limit / 1000} s`}.`,
    why: 'The lab logs in to that Kafka by a token (OAUTHBEARER).',
    fix: 'Run the command yourself, in this terminal, to see what it says.',
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // it is gone
  }
}
