// What the first users of an installation would write into it, if they were allowed to. Run by set-up, when all is built.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './engine/folders.mjs';

const require = createRequire(import.meta.url);
const { buildAotCache } = require(join(root, 'lib', 'dist', 'broker', 'index.js'));

if (!(await buildAotCache())) throw new Error('Another process of the lab is making the cache.');
