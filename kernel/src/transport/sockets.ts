import { setTimeout as delay } from 'node:timers/promises';
import { Publisher, Reply, Router } from 'zeromq';
import { messageOf } from '../explained.js';
import { log } from '../log.js';
import type { Channel } from '../messages.js';
import { type ConnectionFile, endpoint } from './connection.js';

export type Frames = (Uint8Array | string)[];

/** What the kernel needs of its sockets, which another thread holds. */
export interface Transport {
  /** With `canWait`, what is sent next in the same turn may go with it. */
  send(channel: Channel | 'iopub', frames: Frames, canWait?: boolean): void;
  /** Resolves when all that was sent has left. */
  flushed(): Promise<void>;
  /** Resolves when no request has come in on shell for a moment. */
  settled(): Promise<void>;
}

/** JupyterLab's "Run All" is a burst of requests, a few milliseconds apart. */
const QUIET_MS = 20;
const MAX_QUIET_ROUNDS = 25;

export class Sockets implements Transport {
  private readonly sockets = {
    shell: new Router({ linger: 500, sendHighWaterMark: 0 }),
    control: new Router({ linger: 500, sendHighWaterMark: 0 }),
    stdin: new Router({ linger: 500 }),
    // With a limit, output beyond it would be dropped without a word.
    iopub: new Publisher({ linger: 500, sendHighWaterMark: 0 }),
  };
  private readonly heartbeat = new Reply({ linger: 0 });
  private readonly last = new Map<Channel | 'iopub', Promise<void>>();
  private requests = 0;

  /** Listens on the address of the connection file; `deliver` must not throw. */
  async listen(
    file: ConnectionFile,
    deliver: (channel: Channel, frames: Buffer[]) => void,
  ): Promise<void> {
    const { shell, control, stdin, iopub } = this.sockets;
    const all = { shell, control, stdin, iopub, hb: this.heartbeat };
    const binding = Object.entries(all).map(async ([name, socket]) => {
      const port = file[`${name as keyof typeof all}_port`];
      await socket.bind(endpoint(file, port)).catch((cause: unknown) => {
        throw new Error(`The kernel cannot listen on port ${port} (${name}): ${messageOf(cause)}.`);
      });
    });
    await Promise.allSettled(binding); // none is in its middle when these are closed
    await Promise.all(binding);
    for (const channel of ['shell', 'control', 'stdin'] as const) {
      this.pump(channel, deliver).catch((error: unknown) => log(`${channel} closed`, error));
    }
    this.echo().catch((error: unknown) => log('heartbeat closed', error));
  }

  /** Sends in order: a socket takes one message at a time. */
  send(channel: Channel | 'iopub', frames: Frames): void {
    const socket = this.sockets[channel];
    const sent = (this.last.get(channel) ?? Promise.resolve())
      .then(() => socket.send(frames as (Buffer | string)[]))
      .catch((error: unknown) => log(`not sent on ${channel}`, error));
    this.last.set(channel, sent);
  }

  async flushed(): Promise<void> {
    await Promise.all(this.last.values());
  }

  async settled(): Promise<void> {
    for (let round = 0, seen = -1; seen !== this.requests && round < MAX_QUIET_ROUNDS; round++) {
      seen = this.requests;
      await delay(QUIET_MS);
    }
  }

  /** What was sent still leaves, within half a second. */
  close(): void {
    for (const socket of [...Object.values(this.sockets), this.heartbeat]) socket.close();
  }

  private async pump(
    channel: Channel,
    deliver: (channel: Channel, frames: Buffer[]) => void,
  ): Promise<void> {
    for await (const frames of this.sockets[channel]) {
      if (channel === 'shell') this.requests++;
      deliver(channel, frames);
    }
  }

  private async echo(): Promise<void> {
    for await (const frames of this.heartbeat) await this.heartbeat.send(frames);
  }
}
