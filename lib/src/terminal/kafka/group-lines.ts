import { count } from '../../words.js';
import type { Paint } from '../ui/colour.js';
import { table } from '../ui/table.js';
import { visible } from '../ui/text.js';
import type { GroupState } from './group-state.js';
import { whereOpen } from './open-transactions.js';

export interface Line {
  text: string;
  /** The partition whose colour the line has. */
  partition?: number;
}

/** A group for people: what it is doing, a line for each partition, and who has none. */
export function groupLines({ group, type, state, members, partitions }: GroupState): Line[] {
  const isHidden = !members && partitions.length === 0;
  const lag = partitions.reduce((sum, partition) => sum + (partition.lag ?? 0), 0);
  const size = members ? count(members.length, 'member') : 'members not known';
  const kind = type === 'classic' || type === '' ? '' : `${visible(type)} group, `;
  const lines: Line[] = [
    {
      text: `${visible(group)}: ${kind}${visible(state)}, ${size}, lag ${isHidden ? 'not known' : lag}`,
    },
  ];
  if (partitions.length > 0) lines.push(...partitionLines(partitions));
  const open = partitions.filter(({ stable, end }) => (stable ?? 0) < (end ?? 0));
  const places = open.map((at) => `${visible(at.topic)} ${at.partition} at offset ${at.stable}`);
  if (open.length > 0) lines.push({ text: `  ${whereOpen(places)}` });
  const idle = (members ?? []).filter(
    ({ assignment }) => Object.values(assignment).flat().length === 0,
  );
  if (idle.length > 0) {
    const names = idle.map(({ member }) => visible(member)).join(', ');
    lines.push({ text: `  without a partition: ${names}` });
  }
  return lines;
}

const HEAD = ['  topic', 'partition', 'committed', 'end', 'lag', 'member'];

function partitionLines(partitions: GroupState['partitions']): Line[] {
  const rows = partitions.map(({ topic, partition, committed, end, lag, member }) => [
    `  ${visible(topic)}`,
    ...[partition, committed, end, lag],
    member === null ? 'nobody' : visible(member),
  ]);
  return table(HEAD, rows).map((text, i) => {
    const at = partitions[i - 1];
    return at ? { text, partition: at.partition } : { text };
  });
}

/** A line in its colour, no wider than the terminal: one that wraps could not be drawn over. */
export function paintLine({ text, partition }: Line, paint: Paint, columns = Infinity): string {
  const cut = text.length > columns ? `${text.slice(0, columns - 1)}…` : text;
  return partition === undefined ? cut : paint(partition, cut);
}
