// What set-up would do now, as JSON, for `kafka-lab doctor`. Looks, never writes.
import { steps } from './steps/index.mjs';

const states = steps.map(({ name, title, isCurrent }) => ({ name, title, current: isCurrent() }));
console.log(JSON.stringify(states));
