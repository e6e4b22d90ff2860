import { installed } from './installed.mjs';
import { jars } from './jars.mjs';
import { jupyter } from './jupyter.mjs';
import { kernel, library } from './library.mjs';
import { npmPackages } from './npm.mjs';
import { python, testTools, uv } from './python.mjs';

const others = [uv, python, jars, kernel, library, jupyter, installed];

/** What the lab needs, in the order in which it is shown where nothing else decides. */
export const steps = [npmPackages({ withTools: false }), ...others];

/** What its tests need as well. */
export const stepsForTests = [npmPackages({ withTools: true }), ...others, testTools];
