#!/usr/bin/env node
'use strict';
// Committed, so that npm can link the command before the kernel is built.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '..', 'dist', 'install', 'main.js');
if (!existsSync(main)) {
  console.error('ts-notebook-kernel is not built yet. Build it with: npm run build');
  process.exit(1);
}
process.exitCode = require(main).run(process.argv.slice(2));
