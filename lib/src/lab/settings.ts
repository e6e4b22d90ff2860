/** What a consumer of the lab sets where kafkajs's defaults are made for data centres. */
export interface QuickConsumer {
  sessionTimeout: number;
  heartbeatInterval: number;
  rebalanceTimeout: number;
  maxWaitTimeInMs: number;
}

/**
 * Consumer settings that make a lesson quick, in milliseconds. Not for production: there, kafkajs's defaults are right.
 * The session is long for a lab, since consumers share their thread with the compiler of the cells.
 */
export const quick: QuickConsumer = {
  sessionTimeout: 10_000, // default 30,000: how long a member that vanished blocks its partitions
  heartbeatInterval: 250, // default 3,000: how soon a member learns that the group rebalances
  rebalanceTimeout: 10_000, // default 60,000: how long the group waits for a busy member
  maxWaitTimeInMs: 500, // default 5,000: how long a fetch waits; heartbeats and disconnecting wait for it too
};
