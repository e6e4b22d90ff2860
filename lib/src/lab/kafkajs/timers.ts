// What kafkajs 2.2.4 does while nothing happens, on each connection of each client, costs more than its polls.

interface RequestQueue {
  pending: unknown[];
  inflight: Map<number, Request>;
  /** In milliseconds. */
  requestTimeout: number;
  enforceRequestTimeout: boolean;
  requestTimeoutIntervalId: NodeJS.Timeout;
  isConnected(): boolean;
  destroy(): void;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
}

interface Request {
  sentAt: number;
  requestTimeout: number;
  timeoutRequest(): void;
}

const { prototype }: { prototype: RequestQueue } = require('kafkajs/src/network/requestQueue');
const { scheduleCheckPendingRequests: schedule } = prototype;

/**
 * kafkajs 2.2.4 looks a thousand times a second, on each connection, for requests that it had to put off, also while there
 * are none. Here it looks while there are some; `push` begins anew.
 */
prototype.scheduleCheckPendingRequests = function scheduleWhilePending() {
  if (this.pending.length > 0) schedule.call(this);
};

/** And ten times a second for requests that were answered too late: once a second is soon enough where the limit is 30 s. */
prototype.scheduleRequestTimeoutCheck = function lookForTimeouts() {
  if (!this.enforceRequestTimeout) return;
  this.destroy();
  const look = () => {
    for (const request of this.inflight.values()) {
      if (Date.now() - request.sentAt > request.requestTimeout) request.timeoutRequest();
    }
    if (!this.isConnected()) this.destroy();
  };
  this.requestTimeoutIntervalId = setInterval(look, Math.min(this.requestTimeout, 1000));
};
