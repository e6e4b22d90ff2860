#!/usr/bin/env node
'use strict';
// Committed, so that npm can link the command before the library is built.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '..', 'dist', 'cli', 'main.js');
if (!existsSync(main)) {
  console.error('kafka-lab is not built yet. Set it up with: npm run setup');
  process.exit(1);
}
require(main)
  .run(process.argv.slice(2))
  .then((code) => process.exit(code));
