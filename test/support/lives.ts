import fc from 'fast-check';
import { type PartitionModel, World } from './log-model.ts';

const where = fc.nat(3);
const some = fc.nat(5);
export const yes = fc.boolean();
/** A step in what happens to topics. */
export const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('produce' as const), where, some, yes }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('write' as const), where, some, yes }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('consume' as const), where, some, yes }) },
  ...(['finish', 'send', 'refuse', 'compact', 'cut', 'lose', 'move', 'read'] as const).map(
    (what) => ({
      weight: what === 'finish' ? 3 : 1,
      arbitrary: fc.record({ what: fc.constant(what), where, some, yes }),
    }),
  ),
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Does a step, `times` as large as it is written. Returns the partitions whose log has changed without an acknowledgement. */
function act(world: World, { what, where, some, yes }: Step, n: number, times = 1) {
  const of = world.partitions[where] as PartitionModel;
  const many = (some + 1) * times;
  if (what === 'produce') world.produce(of, many, yes || n % 3 > 0);
  if (what === 'write') world.write(of, some % 2, many);
  if (what === 'finish') return world.finish(some % 2, yes ? 'committed' : 'aborted', n % 3 > 0);
  if (what === 'send') world.sendBlindly(of, yes);
  if (what === 'refuse') world.refuse(of);
  if (what === 'compact') world.compact(of, of.start + some, many * 2, yes ? 1 : 2);
  if (what === 'cut') world.cut(of, many, yes);
  if (what === 'lose' && n % 4 === 0) world.lose(of, some);
  if (what === 'move') world.move(of, yes ? Math.min(of.end, of.start + some) : undefined);
  if (what === 'read') world.read(of, of.start, of.stable);
  if (what === 'consume')
    world.consume(of, {
      many: many * 2,
      isDirty: some === 5,
      leaves: yes ? 4 : 99,
      commits: n % 2 > 0,
    });
  return [of];
}

/** What becomes of topics and a group in these steps, each `times` as large as it is written. */
export function lived(steps: Step[], times = 1): World {
  const world = new World();
  for (const [n, each] of steps.entries()) world.end(act(world, each, n, times));
  for (const of of world.partitions) world.read(of, of.start, of.stable);
  world.end(world.partitions);
  return world;
}
