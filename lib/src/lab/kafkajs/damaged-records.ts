import { LabError } from '../../errors.js';
import { rootOf } from './kafka-error.js';

/** The next records of a partition, which are not what the broker wrote. */
export interface Damage {
  topic: string;
  partition: number;
  /** The one to be read next. */
  offset: number;
  /** What shows it: a sentence. */
  sign: string;
  /** The offset to go on at without them; undefined where that is not known. */
  behind?: number | undefined;
}

/** Thrown in kafkajs in the place of what would come of reading on. */
export class DamagedRecords extends Error {
  /** kafkajs gives up: its next attempt would meet the same. */
  readonly retriable = false;

  constructor(readonly damage: Damage) {
    const { topic, partition, offset } = damage;
    super(`Topic ${topic}, partition ${partition}: the records from offset ${offset} are damaged.`);
  }
}

/** The damage that a consumer met, if that is why it crashed. */
export function damageMet(error: unknown): Damage | undefined {
  const root: unknown = rootOf(error);
  return root instanceof DamagedRecords ? root.damage : undefined;
}

/** The error of a consumer that met damaged records. */
export function cannotReadOn(who: string, damage: Damage): LabError {
  const { topic, partition, offset, sign, behind } = damage;
  const removing = `Delete the topic and write its records again: npx --no kafka-lab topic ${topic} --delete.`;
  const partitions = `[{ partition: ${partition}, offset: '${behind}' }]`;
  const skipping = `Or stop the group's consumers and skip these records: admin.setOffsets({ groupId, topic: '${topic}', partitions: ${partitions} }).`;
  return new LabError('CONSUMER_CRASHED', {
    what: `${who} cannot continue: in topic ${topic}, partition ${partition}, the records from offset ${offset} are damaged.`,
    why: `${sign} A disk is failing, or a program has written into Kafka's data folder.`,
    fix: behind === undefined ? removing : `${removing} ${skipping}`,
  });
}
