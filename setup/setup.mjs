// npm run setup [-- --with-tests]: installs what the lab needs into .lab/ and node_modules/.
import { onSupportedNode } from './node-version.mjs';

onSupportedNode((main) =>
  main.setUp({ withTests: process.argv.includes('--with-tests'), sayWhenCurrent: true }),
);
