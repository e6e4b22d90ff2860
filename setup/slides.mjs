// npm run slides: sets up what is missing, then makes slides of notebooks.
import { onSupportedNode } from './node-version.mjs';

onSupportedNode((main) => main.setUpAndRun(['slides', ...process.argv.slice(2)]));
