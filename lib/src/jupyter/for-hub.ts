import { dressJupyter } from './appearance.js';
import { jupyterEnvironment } from './environment.js';
import { courseOptions } from './server.js';

// Run by hub/lab_singleuser.py as the user whose server that is to become: makes the user's folders, and prints what that
// server needs, as JSON.
dressJupyter();
const wanted = Object.entries(jupyterEnvironment()).filter(
  ([name, value]) => process.env[name] !== value,
);
console.log(JSON.stringify({ environment: Object.fromEntries(wanted), options: courseOptions() }));
