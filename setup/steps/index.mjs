import { installed } from './installed.mjs';
import { jars } from './jars.mjs';
import { jupyter } from './jupyter.mjs';
import { library } from './library.mjs';
import { npm } from './npm.mjs';
import { python, testTools, uv } from './python.mjs';

/** What the lab needs, in the order in which it is shown where nothing else decides. */
export const steps = [npm, uv, python, jars, library, jupyter, installed];

/** What its tests need as well. */
export const testSteps = [testTools];
