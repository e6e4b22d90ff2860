import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { count } from '../../words.js';
import { clusterIdOf, holdsData, METADATA } from './format.js';

/** What a data folder lacks that Kafka cannot do without. */
export interface Damage {
  what: string;
  why: string;
  /** Those whose partitions lie in the folder, Kafka's own left out. */
  topics: number;
}

/**
 * What is damaged in the data of a Kafka that does not run; undefined for a folder that is sound, new, or was cut off
 * while being formatted. Only reads. Where partitions lie without metadata, Kafka would start, know no topic, and remove
 * them. The first records of metadata are on the disk before there is a partition, so a kill leaves no such folder.
 */
export function damageOf(dir: string): Damage | undefined {
  const logDir = join(dir, 'log');
  const isFormatted = clusterIdOf(logDir) !== undefined;
  const hasMetadata = holdsMetadata(join(logDir, METADATA));
  if (isFormatted && hasMetadata) return undefined;
  const topics = topicsIn(logDir).length;
  if (topics === 0 && (isFormatted || !holdsData(logDir))) return undefined;
  const lacks = [
    ...(isFormatted ? [] : ['Its file log/meta.properties is missing or incomplete.']),
    ...(hasMetadata ? [] : [`Its metadata, log/${METADATA}, is missing or empty.`]),
  ];
  const concerned = `It holds ${topics === 0 ? 'no topics' : count(topics, 'topic')}.`;
  return {
    what: `Kafka's data in ${dir} is damaged.`,
    why: [...lacks, concerned].join(' '),
    topics,
  };
}

/** Whether a snapshot or a record is there to read. Old segments go once a snapshot stands for them. */
function holdsMetadata(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => {
      const path = join(folder, name);
      if (/^\d{20}-\d{10}\.checkpoint$/.test(name)) return statSync(path).size > 0;
      return /^\d{20}\.log$/.test(name) && beginsWithBatch(path);
    });
  } catch (error) {
    // What may not be read is not known to be damaged: Kafka names it when it starts.
    return !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

/** Of a record batch: how many bytes follow the length, and the version of its format. */
const HEADER = { bytes: 17, length: 8, untilLength: 12, magic: 16 };

/** Kafka cuts a log at the first batch that is not whole. */
function beginsWithBatch(path: string): boolean {
  const header = Buffer.alloc(HEADER.bytes);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, header, 0, HEADER.bytes, 0) < HEADER.bytes) return false;
  } finally {
    closeSync(file);
  }
  const end = HEADER.untilLength + header.readInt32BE(HEADER.length);
  return header[HEADER.magic] === 2 && end > HEADER.bytes && end <= statSync(path).size;
}

/** Kafka's own, which are worth nothing without other topics. */
const INTERNAL = /^__(cluster_metadata|consumer_offsets|transaction_state|share_group_state)-/;

/** Topics with a partition here. Folders of partitions that Kafka is removing have other names. */
function topicsIn(logDir: string): string[] {
  const partitions = namesIn(logDir).filter(
    (name) =>
      /^[\w.-]+-\d+$/.test(name) &&
      !INTERNAL.test(name) &&
      namesIn(join(logDir, name)).some((file) => /^\d{20}\.log$/.test(file)),
  );
  return [...new Set(partitions.map((name) => name.replace(/-\d+$/, '')))];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not there, or not a folder
  }
}
