// npm run new-lesson NAME: sets up what is missing, then writes the skeleton of a notebook.
import { onSupportedNode } from './node-version.mjs';

onSupportedNode((main) => main.setUpAndRun(['new-lesson', ...process.argv.slice(2)]));
