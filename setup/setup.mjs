// npm run setup [-- --with-tests --shared]: installs what the lab needs into .lab/ and node_modules/.
import { onSupportedNode } from './node-version.mjs';

const has = (/** @type {string} */ option) => process.argv.includes(option);

onSupportedNode((main) =>
  main.setUp({
    withTests: has('--with-tests'),
    shared: has('--shared'),
    sayWhenCurrent: true,
  }),
);
