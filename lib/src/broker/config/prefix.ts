import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { bad, type Environment, environment } from './environment.js';

const LONGEST = 40;

/**
 * What the names of this learner's topics and groups begin with: KAFKA_LAB_PREFIX. Where that is not set, on a Kafka that
 * others may use, the user of JupyterHub or of this machine; on the lab's own, nothing.
 * @throws LabError BAD_INPUT
 */
export function namePrefix(
  where: 'embedded' | 'address',
  env: Environment = environment(),
): string | undefined {
  const given = env['KAFKA_LAB_PREFIX']?.trim();
  if (given) return requirePrefix('KAFKA_LAB_PREFIX', given);
  return where === 'address' ? asPrefix(env['JUPYTERHUB_USER']?.trim() || userName()) : undefined;
}

/** @throws LabError BAD_INPUT */
export function requirePrefix(name: string, prefix: string): string {
  if (new RegExp(`^[A-Za-z0-9_-]{1,${LONGEST}}$`).test(prefix)) return prefix;
  throw bad(
    `${name} holds ${JSON.stringify(prefix)}, which no name can begin with here.`,
    `Take letters, digits, "_" and "-", ${LONGEST} at most, such as your name.`,
  );
}

/** A user's name as a prefix. Two that differ only in what cannot be kept stay two. */
function asPrefix(user: string): string {
  const kept = user.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, LONGEST - 7);
  if (kept === user) return user;
  return `${kept}-${createHash('sha256').update(user).digest('hex').slice(0, 6)}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user-${process.getuid?.() ?? 0}`; // a container may run under a number that has no name
  }
}
