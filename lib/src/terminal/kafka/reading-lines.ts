import { count } from '../../words.js';
import { painter } from '../ui/colour.js';
import { hasBeenRead, writeLine } from '../ui/output.js';
import { jsonLine } from '../ui/text.js';
import type { ConsumeOptions, Watcher } from './consumer.js';
import { recordJson, recordLine } from './record.js';

/** Shows what a member of a group reads, and at last that it has left. */
interface Show extends Watcher {
  left(records: number): Promise<unknown>;
}

/** In lines. `has` says what a partition is to a member. */
export function forPeople({ topic, group }: ConsumeOptions, has: string): Show {
  const paint = painter(process.stdout);
  let name = '';
  return {
    joining: (member) => {
      name = member;
      return writeLine(`${member} joins group ${group} to read ${topic}. Ctrl-C leaves.`);
    },
    assigned: (partitions) =>
      writeLine(`${name} ${has} ${inWords(partitions, (p) => paint(p, String(p)))}`),
    record: (record) => writeLine(recordLine(record, paint)),
    hasBeenRead,
    left: (records) =>
      writeLine(`${name} has left group ${group} after ${count(records, 'record')}.`),
  };
}

function inWords(partitions: number[], shown: (partition: number) => string): string {
  if (partitions.length === 0) return 'no partition: the group has a member for each already';
  return `partition${partitions.length === 1 ? '' : 's'} ${partitions.map(shown).join(', ')}`;
}

/** One object a line. */
export function forPrograms({ topic, group }: ConsumeOptions): Show {
  let by = { member: '', group };
  const write = (type: string, more: object = {}) =>
    writeLine(jsonLine({ type, ...by, topic, ...more }));
  return {
    joining: (member) => {
      by = { member, group };
      return write('joining');
    },
    assigned: (partitions) => write('assigned', { partitions }),
    record: (record) => writeLine(recordJson(record, by)),
    hasBeenRead,
    left: (records) => write('left', { records }),
  };
}
