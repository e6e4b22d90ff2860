// npm start: sets up what is missing, then starts the lab.
import { onSupportedNode } from './node-version.mjs';

onSupportedNode((main) => main.setUpAndRun(['start', ...process.argv.slice(2)]));
