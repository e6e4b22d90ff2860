import type { Ledger } from '../store/ledger.js';
import type { UnnamedJob, WorkScope } from './job.js';

/**
 * How to call jobs: by the record's key, without one by how its value begins, else by its offset. Of records that somebody else produced
 * a share group knows the key once one of its handlers had them.
 */
export function namer(ledger: Ledger, of: WorkScope): (job: UnnamedJob) => string {
  const found = new Map<string, string>();
  let keys: Map<string, string> | undefined;
  const search = ({ partition = 0, offset = 0, key }: UnnamedJob): string => {
    if ('queue' in of) return key ?? '';
    const { topic, group } = of;
    const known = () => (keys ??= keysOf(ledger, { topic, group })).get(`${partition} ${offset}`);
    const value = () => ledger.preview({ topic, partition, offset })?.text;
    return (key === undefined ? known() : key) || value() || `offset ${offset}`;
  };
  return (job) => {
    if ('queue' in of) return search(job);
    const place = `${job.partition} ${job.offset}`;
    const name = found.get(place) ?? search(job);
    found.set(place, name);
    return name;
  };
}

function keysOf(ledger: Ledger, { topic, group }: { topic: string; group: string }) {
  const keys = new Map<string, string>();
  const trails = [ledger.trail('produced', { topic }), ledger.trail('delivered', { topic, group })];
  for (const trail of trails)
    for (let i = 0; i < trail.length; i++) {
      const key = trail.key(i);
      if (key !== null) keys.set(`${trail.partition(i)} ${trail.offset(i)}`, key);
    }
  return keys;
}
