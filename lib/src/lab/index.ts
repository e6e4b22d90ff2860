export { Lab } from './lab.js';
export { openLab } from './open.js';
export { rangeAssigner } from './range-assigner.js';
export { Queue } from './resources/queues.js';
export type { Stream } from './resources/stream.js';
export type { Topic } from './resources/topics.js';
export { UnreliableNetwork } from './resources/unreliable-network.js';
export { Service } from './service/service.js';
export type { ServiceRecord } from './service/service-settings.js';
