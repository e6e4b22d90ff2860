import type { Connection } from '../../broker/index.js';

/** What the process of a service gets when it starts. Times in milliseconds. */
export interface ServiceSettings {
  name: string;
  group: string;
  topic: string;
  latency: number;
  /** The file for its facts. */
  facts: string;
  connection: Connection;
}
