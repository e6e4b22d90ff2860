import { host } from '../host.js';
import { quickClassSharing } from './class-sharing.js';
import { quickDisk } from './disk.js';
import type { Finding } from './examination.js';
import { quickSetUp } from './set-up.js';

/**
 * What the first cell of a notebook looks at: what would break this notebook soon, and is seen in a few milliseconds.
 * Shows findings alone, and never fails.
 */
export function lookQuickly(
  looks: readonly (() => Finding[])[] = [quickDisk, quickSetUp, quickClassSharing],
): void {
  const findings = looks.flatMap(findingsOf);
  if (findings.length === 0) return;
  const lines = findings.flatMap(({ what, fix }) => [`✗ ${what}`, `  To mend it: ${fix}`]);
  host().display({ 'text/plain': lines.join('\n') });
}

function findingsOf(look: () => Finding[]): Finding[] {
  try {
    return look();
  } catch {
    return []; // the whole doctor tells of a look that fails
  }
}
