import { expect, test } from 'vitest';
import {
  requireOptions,
  type ServiceOptions,
} from '../../../lib/src/lab/service/service-options.ts';

const topic = { name: 'orders.t.abc' } as ServiceOptions['topic'];
const to = { name: 'invoices.t.abc' } as ServiceOptions['topic'];
const required = (options: Partial<ServiceOptions>) => () =>
  requireOptions({ group: 'g', topic, ...options });

test.each<Partial<ServiceOptions>>([
  {},
  { latency: 60, sessionTimeout: 1500 },
  { first: 'commit', every: 5, standsAt: 7 },
  { to, every: 5 },
  { to, standsAt: 7, standsAfter: 'commit' },
  { to, transactionalId: 'billing', standsAt: 7, standsAfter: 'sendOffsets' },
])('%o can be asked of a service', (options) => {
  expect(required(options)).not.toThrow();
});

test.each<[Partial<ServiceOptions>, RegExp]>([
  [{ latency: -1 }, /latency of a service cannot be -1/],
  [{ sessionTimeout: NaN }, /sessionTimeout of a service cannot be NaN/],
  [{ every: 5 }, /every has to be told what it does first/],
  [{ standsAt: 7 }, /standsAt has to be told/],
  [{ transactionalId: 'billing' }, /transactionalId needs to/],
  [{ standsAfter: 'send' }, /standsAfter needs to/],
  [{ to, standsAt: 7 }, /standsAt needs standsAfter/],
  [{ to, standsAt: 7, standsAfter: 'sendOffsets' }, /sendOffsets' needs transactionalId/],
  [{ to, every: 0 }, /every: 0/],
  [{ to, first: 'process' }, /cannot have first/],
  [{ to, work: () => {} }, /cannot have work/],
  [{ to, latency: 5 }, /cannot have latency/],
  [{ to, groupInstanceId: 'a' }, /cannot have groupInstanceId/],
])('%o cannot', (options, said) => {
  expect(required(options)).toThrow(said);
});
