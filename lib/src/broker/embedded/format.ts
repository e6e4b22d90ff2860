import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../processes/files.js';

/**
 * What `kafka-storage format` of this version writes to bootstrap.checkpoint: the levels of the features that a new
 * cluster begins with, the same for every cluster. Kept here because running the formatter doubles the first start.
 * A test compares it with Kafka's own.
 */
const BOOTSTRAP = {
  version: '4.3.1',
  checkpoint:
    'AAAAAAAAAAAAAABHAAAAAAJmO/OZACAAAAAAAAABogmRup0AAAGiCZG6nf//////////////////AAAAASoAAAAIAAAAAxYA' +
    'AAAAAAAAAAAAAAAAAAAAAAAAAQAAAPEAAAAAAhMHZRgAAAAAAAUAAAGiCZG6sQAAAaIJkbqx//////////////////8AAAAG' +
    'OgAAAAEuAQwAEW1ldGFkYXRhLnZlcnNpb24AHgAAWgAAAgFOAQwAIWVsaWdpYmxlLmxlYWRlci5yZXBsaWNhcy52ZXJzaW9u' +
    'AAEAADQAAAQBKAEMAA5ncm91cC52ZXJzaW9uAAEAADQAAAYBKAEMAA5zaGFyZS52ZXJzaW9uAAEAADgAAAgBLAEMABBzdHJl' +
    'YW1zLnZlcnNpb24AAQAAQAAACgE0AQwAFHRyYW5zYWN0aW9uLnZlcnNpb24AAgAAAAAAAAAAAAcAAAA/AAAAAAIyoRXUACAA' +
    'AAAAAAABogmRurIAAAGiCZG6sv//////////////////AAAAARoAAAAIAAAABAYAAAAA',
};

/** Whether `format` knows what a new cluster of that version begins with. */
export function canFormat(kafkaVersion: string): boolean {
  return kafkaVersion === BOOTSTRAP.version;
}

/** Kafka's base64 form of 16 random bytes; one that begins with '-' would read as an option. */
export function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
}

/** The folder of the partition in which Kafka keeps what topics there are. */
export const METADATA = '__cluster_metadata-0';

/** The cluster that a log folder belongs to; undefined if it is not formatted, was cut off in between, or is garbled. */
export function clusterIdOf(logDir: string): string | undefined {
  const path = join(logDir, 'meta.properties');
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  const value = (key: string) => new RegExp(`^${key}=(.+)$`, 'm').exec(text)?.[1]?.trim();
  const isWhole =
    value('version') === '1' &&
    /^\d+$/.test(value('node.id') ?? '') &&
    /^[\w-]{22}$/.test(value('directory.id') ?? '');
  return isWhole ? value('cluster.id') : undefined;
}

/** Whether Kafka has written metadata here: then formatting again would lose it. */
export function holdsData(logDir: string): boolean {
  return existsSync(join(logDir, METADATA));
}

/** Makes a folder a formatted log folder. meta.properties, by which Kafka knows one, comes last. */
export function format(
  logDir: string,
  { nodeId, clusterId }: { nodeId: number; clusterId: string },
): void {
  writeWhole(join(logDir, 'bootstrap.checkpoint'), Buffer.from(BOOTSTRAP.checkpoint, 'base64'));
  const meta = {
    'cluster.id': clusterId,
    'directory.id': newClusterId(),
    'node.id': nodeId,
    version: 1,
  };
  const lines = Object.entries(meta).map(([key, value]) => `${key}=${value}\n`);
  writeWhole(join(logDir, 'meta.properties'), lines.join(''));
}
