// npm run site: sets up what is missing, then makes pages of notebooks.
import { onSupportedNode } from './node-version.mjs';

onSupportedNode((main) => main.setUpAndRun(['site', ...process.argv.slice(2)]));
