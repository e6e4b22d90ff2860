/**
 * Short sessions: the group has to notice soon that a member is dead. A service may have them, since nothing but its
 * orders keeps its thread busy.
 */
export const SESSION = {
  sessionTimeout: 1500,
  heartbeatInterval: 250,
  rebalanceTimeout: 3000,
  maxWaitTimeInMs: 500,
};
