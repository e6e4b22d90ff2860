// kafkajs 2.2.4 moves a group's offsets by a consumer: it joins the group, pauses, seeks, which commits, and leaves after its next
// fetch. As all is paused that fetch sleeps for the consumer's `maxWaitTimeInMs`: 5 s by default, and nobody can set it.

interface ConsumerGroup {
  groupId: string;
  /** In milliseconds. */
  maxWaitTime: number;
  connect(): Promise<void>;
}

const QUICK_MS = 50;

const { prototype }: { prototype: ConsumerGroup } = require('kafkajs/src/consumer/consumerGroup');
const { connect } = prototype;

/** Groups whose offsets are being moved, and by how many calls. */
const moving = new Map<string, number>();

prototype.connect = function connectQuickly() {
  if (moving.has(this.groupId)) this.maxWaitTime = QUICK_MS;
  return connect.call(this);
};

/** Runs `move`, a call of an admin client that moves a group's offsets, without that sleep. */
export async function quickly<T>(group: string, move: () => Promise<T>): Promise<T> {
  moving.set(group, (moving.get(group) ?? 0) + 1);
  try {
    return await move();
  } finally {
    const left = (moving.get(group) as number) - 1;
    if (left > 0) moving.set(group, left);
    else moving.delete(group);
  }
}
