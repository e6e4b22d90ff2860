export { Lab, type LabConnection } from './lab.js';
export { openLab } from './open.js';
export { rangeAssigner } from './range-assigner.js';
export type { Segment } from './segments.js';
export { Service } from './service.js';
export type { ServiceOptions } from './services.js';
export type { QuickConsumer } from './settings.js';
export type { Stream, StreamOptions } from './stream.js';
export type { Topic, TopicOptions } from './topics.js';
