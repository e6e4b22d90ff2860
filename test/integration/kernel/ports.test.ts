import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { installed } from '../../../lib/src/paths.ts';
import { ROOT } from '../../support/command.ts';
import { folderForTest } from '../../support/folder.ts';
import { freePorts } from '../../support/ports.ts';

const PER_KERNEL = 5;

/** A process of the lab's Python that tells the ports of so many kernels, and lives on. */
async function ports(kernels: number): Promise<{ ports: number[]; child: ChildProcess }> {
  const code = `
import json, sys
sys.path.insert(0, ${JSON.stringify(join(ROOT, 'lib', 'python'))})
from kernel_ports import use_claimed_ports
from jupyter_client.connect import LocalPortCache
use_claimed_ports()
cache = LocalPortCache.instance()
print(json.dumps([cache.find_available_port("127.0.0.1") for _ in range(${kernels * PER_KERNEL})]), flush=True)
sys.stdin.read()`;
  const child = spawn(installed().python, ['-c', code], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return { ports: JSON.parse(String(line)), child };
}

test('processes that start kernels side by side are not given the same ports, nor those of connections', async () => {
  const all = await Promise.all(Array.from({ length: 6 }, () => ports(40)));
  const given = all.flatMap((each) => each.ports);
  expect(given).toHaveLength(6 * 40 * PER_KERNEL);
  expect(new Set(given).size).toBe(given.length);
  expect(Math.min(...given)).toBeGreaterThan(10_000);
  expect(Math.max(...given)).toBeLessThan(20_000);
}, 30_000);

test('a kernel whose port is taken says so and ends with 1', async () => {
  const [shell_port = 0, control_port = 0, stdin_port = 0, iopub_port = 0, hb_port = 0] =
    await freePorts(PER_KERNEL);
  const server = createServer().listen(iopub_port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const file = join(folderForTest(), 'connection.json');
  const all = { shell_port, control_port, stdin_port, iopub_port, hb_port };
  const how = { transport: 'tcp', ip: '127.0.0.1', key: 'k', signature_scheme: 'hmac-sha256' };
  writeFileSync(file, JSON.stringify({ ...all, ...how }));
  const main = join(ROOT, 'kernel', 'dist', 'main.js');
  const kernel = spawn(process.execPath, [main, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  kernel.stderr.on('data', (data: Buffer) => (said += data.toString()));
  expect(await once(kernel, 'close')).toEqual([1, null]);
  expect(said).toContain(
    `The kernel cannot listen on port ${iopub_port} (iopub): Address already in use`,
  );
}, 30_000);
