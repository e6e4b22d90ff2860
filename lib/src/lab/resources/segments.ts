import type { LogFile } from '../../broker/index.js';

/** A segment of a log: as it is on disk, or as it was last seen there before retention deleted it. */
export interface Segment extends Omit<LogFile, 'state'> {
  state: LogFile['state'] | 'deleted';
}

/** The segments of topics, those included that were seen once and are gone. */
export class Segments {
  private readonly seen = new Map<string, Map<string, LogFile>>();

  constructor(private readonly look: (topic: string) => LogFile[]) {}

  /** What there is now and was at earlier calls, in the order of partitions and offsets. */
  of(topic: string): Segment[] {
    const now = this.look(topic);
    const seen = this.seen.get(topic) ?? new Map<string, LogFile>();
    for (const file of now) seen.set(nameOf(file), file);
    this.seen.set(topic, seen);
    const there = new Set(now.map(nameOf));
    const all = [...seen.values()].sort((a, b) => a.partition - b.partition || a.from - b.from);
    return all.map((file, i) =>
      there.has(nameOf(file)) ? file : { ...file, to: endOf(file, all[i + 1]), state: 'deleted' },
    );
  }
}

/** A file may have grown after it was last seen. */
function endOf(file: LogFile, next: LogFile | undefined): number {
  return next?.partition === file.partition ? next.from : file.to;
}

const nameOf = ({ partition, from }: LogFile) => `${partition}/${from}`;
