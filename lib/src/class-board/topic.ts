import type { ITopicConfig } from 'kafkajs';

const NAME = /^([A-Za-z0-9_-]{1,40})\.progress$/;

/** The topic of what a learner shares with the class, within the names that only this learner may use. */
export const progressTopic = (prefix: string): string => `${prefix}.progress`;

/** The learner whose topic it is; undefined for all others. */
export function classLearnerOf(topic: string): string | undefined {
  return NAME.exec(topic)?.[1];
}

/**
 * It is small, and a learner's newest word on each lesson is all that is asked for. The broker stores it as it is sent, so that readers
 * need to decompress nothing that somebody else wrote.
 */
export function progressTopicConfig(prefix: string): ITopicConfig {
  const settings = {
    'cleanup.policy': 'compact',
    'min.cleanable.dirty.ratio': '0.1',
    'segment.ms': '600000',
    'compression.type': 'uncompressed',
  };
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  return { topic: progressTopic(prefix), numPartitions: 1, configEntries };
}
