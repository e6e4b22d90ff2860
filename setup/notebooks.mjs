// npm run notebooks: sets up what is missing, then runs notebooks without a browser.
import { onSupportedNode } from './node-version.mjs';

onSupportedNode((main) => main.setUpAndRun(['notebooks', ...process.argv.slice(2)]));
