import type { Kafka } from 'kafkajs';
import { createTopic } from '../../admin/create-topic.js';
import { LabError } from '../../errors.js';
import type { Run } from './names.js';

/** A topic on the broker. `name` is its full name there. */
export interface Topic {
  readonly name: string;
  /** When it was created: `admin.createPartitions` can add some. */
  readonly partitions: number;
}

export interface TopicOptions {
  /** How many partitions, 1 when not given. */
  partitions?: number;
  /** How many brokers keep a copy of each partition: what the cluster does by default unless given. */
  replicas?: number;
  /** Topic settings by Kafka's names, such as `retention.ms`. */
  config?: Record<string, string>;
}

/** The topics of one run. */
export class Topics {
  private readonly created = new Map<string, Topic>();

  constructor(
    private readonly kafka: Kafka,
    private readonly run: Run,
  ) {}

  /** Creates a topic; asked again for the same name (a cell was run again) it creates a fresh one. */
  async create(
    name: string,
    { partitions = 1, replicas = -1, config = {} }: TopicOptions = {},
  ): Promise<Topic> {
    requirePartitions(partitions);
    const fullName = this.freshName(name);
    const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }));
    await createTopic((settings) => this.kafka.admin(settings), {
      topic: fullName,
      numPartitions: partitions,
      replicationFactor: replicas,
      configEntries,
    });
    const topic: Topic = { name: fullName, partitions };
    this.created.set(fullName, topic);
    return topic;
  }

  /** Called when a topic has more partitions now. */
  grow(fullName: string, partitions: number): void {
    const topic = this.created.get(fullName);
    if (topic) this.created.set(fullName, { ...topic, partitions });
  }

  private freshName(name: string): string {
    let fullName = this.run.scoped(name);
    for (let n = 2; this.created.has(fullName); n++) fullName = this.run.scoped(`${name}-${n}`);
    return fullName;
  }

  /** How many partitions a topic of this run has now; undefined for others. */
  partitionsOf(fullName: string): number | undefined {
    return this.created.get(fullName)?.partitions;
  }
}

function requirePartitions(partitions: number): void {
  if (Number.isInteger(partitions) && partitions >= 1 && partitions <= 100) return;
  throw new LabError('BAD_INPUT', {
    what: `A topic cannot have ${partitions} partitions here.`,
    why: 'The lab allows 1 to 100.',
    fix: 'Give another number, such as { partitions: 3 }.',
  });
}
