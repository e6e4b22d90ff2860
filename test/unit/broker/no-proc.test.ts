import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { requireProc } from '../../../lib/src/broker/embedded/java.ts';
import { isAlive, processStart, thisProcess } from '../../../lib/src/processes/processes.ts';

const NOWHERE = '/nowhere';

test('without /proc a process is known by its number: else none would hold its lock, and a start would wait for ever', () => {
  expect(processStart(process.pid, NOWHERE)).toBe('unknown');
  const ended = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
  expect(processStart(ended, NOWHERE)).toBeUndefined();
  expect(isAlive(thisProcess())).toBe(true);
});

test.runIf(process.platform === 'linux')(
  'without /proc Java is not started, and the message says why',
  () => {
    expect(() => requireProc(NOWHERE)).toThrow(
      /Java cannot run here: \/proc is not mounted\..*Run the lab where/,
    );
    expect(() => requireProc()).not.toThrow();
  },
);
