import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BrokerLease } from '../../../lib/src/broker/index.ts';
import { installHost } from '../../../lib/src/host.ts';
import { about } from '../../../lib/src/lab/about.ts';
import { root } from '../../../lib/src/paths.ts';

const lease = {
  version: '4.3.1',
  origin: 'embedded',
  connection: { brokers: ['127.0.0.1:9092', '127.0.0.1:9093'] },
} as BrokerLease;

const known = {
  kafka: '4.3.1 (embedded)',
  address: '127.0.0.1:9092, 127.0.0.1:9093',
  kafkajs: expect.stringMatching(/^2\./),
  node: process.versions.node,
  run: '05-scaling.k3f',
};

test('the lab says what is running, and which TypeScript checks the cells', () => {
  installHost({ typescript: '7.0.2' });
  expect(about(lease, '05-scaling.k3f')).toEqual({ ...known, typescript: '7.0.2' });
});

test('where there are no cells, it says nothing of TypeScript', () => {
  installHost({});
  expect(about(lease, '05-scaling.k3f')).toEqual(known);
  expect(about(lease, '05-scaling.k3f')).not.toHaveProperty('typescript');
});

test('the README names the TypeScript that is installed, and that of stock tslab', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8').replace(/\s+/g, ' ');
  expect(readme).toContain(`TypeScript ${versionOf('typescript')}**`);
  expect(readme).toContain(`its TypeScript ${versionOf('@tslab/typescript-for-tslab')}`);
  expect(readme).toContain(`stock tslab ${versionOf('tslab')}`);
});

function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}
