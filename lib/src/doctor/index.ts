import { classSharingProbe } from './class-sharing.js';
import { data } from './data.js';
import { disk } from './disk.js';
import type { Probe } from './examination.js';
import { jupyter } from './jupyter.js';
import { kafka } from './kafka.js';
import { leftovers } from './leftovers.js';
import { ports } from './ports.js';
import { queue } from './queue.js';
import { setUp } from './set-up.js';
import { versions } from './versions.js';

export {
  type Examination,
  type Examined,
  examine,
  type Finding,
  type Probe,
} from './examination.js';
export { removeLeftoverFiles } from './leftovers.js';

/** Every part of the lab but what is on Kafka, in the order in which people read of them. */
export const probes: Probe[] = [
  kafka,
  data,
  ports,
  queue,
  classSharingProbe,
  jupyter,
  versions,
  setUp,
  disk,
  leftovers,
];
