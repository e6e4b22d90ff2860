import { readdirSync, readFileSync } from 'node:fs';

/** Of the clock in /proc: USER_HZ, which is 100 on all of Linux's machines that Node.js runs on. */
const TICKS_PER_S = 100;

/**
 * A process and those that it started. Not what has a group of its own, as the lab's Kafka does: that lives on without it.
 * @param {number} root
 */
export function processes(root) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const all = pids.flatMap((pid) => {
    const [, parent, group] = /^\d+ \(.*\) \S (\d+) (\d+)/s.exec(fileOf(pid, 'stat')) ?? [];
    return parent ? [{ pid: Number(pid), parent: Number(parent), group }] : [];
  });
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid, group } of found) {
    found.push(...all.filter((each) => each.parent === pid && each.group === group));
  }
  return found.map(({ pid }) => pid);
}

/** Its memory; of what it shares with others, its part (PSS). @param {number} pid */
export function megabytes(pid) {
  const [, kilobytes = '0'] = /^Pss:\s+(\d+)/m.exec(fileOf(pid, 'smaps_rollup')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Seconds of a processor that it has used, with those of its children that have ended. @param {number} pid */
export function processorSeconds(pid) {
  const [, fields = ''] = /\) (.*)/s.exec(fileOf(pid, 'stat')) ?? [];
  return sum(fields.split(' ').slice(11, 15).map(Number)) / TICKS_PER_S;
}

/** @param {number[]} numbers */
export const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

/** Empty for a process that has ended. @param {string | number} pid @param {string} name */
function fileOf(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
