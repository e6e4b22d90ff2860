import { createRequire } from 'node:module';
import type { Ts } from '../../lib/src/kernel/compiler/typescript.ts';

// tslab's own dependency: resolved from there.
const load = createRequire(import.meta.url);
export const ts: Ts = createRequire(load.resolve('tslab'))(
  ['@tslab', 'typescript-for-tslab'].join('/'),
);
