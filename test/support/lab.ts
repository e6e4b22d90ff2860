import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Host, installHost } from '../../lib/src/host.ts';
import { removeState } from './broker.ts';

/** To stop Kafka, in ms. */
const END_LIMIT = 60_000;

/** A state folder of this test file's own, so that its broker is nobody else's. */
export function ownState(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kafka-lab-test-'));
  process.env['KAFKA_LAB_STATE'] = folder;
  afterAll(() => removeState(folder), END_LIMIT);
  return folder;
}

/** A host that keeps what it is told, in the place of the kernel. */
export function recordingHost() {
  const failures: unknown[] = [];
  const shown: Record<string, unknown>[] = [];
  const hooks = new Set<() => unknown>();
  let interrupt = new AbortController();
  const host: Partial<Host> = {
    display: (data) => shown.push(data),
    fail: (error) => failures.push(error),
    onShutdown: (hook) => {
      hooks.add(hook);
      return () => hooks.delete(hook);
    },
    signal: () => interrupt.signal,
  };
  installHost(host);
  return {
    failures,
    shown,
    shutDown: () => Promise.all([...hooks].map((hook) => hook())),
    interrupt: () => {
      interrupt.abort();
      interrupt = new AbortController();
    },
  };
}
