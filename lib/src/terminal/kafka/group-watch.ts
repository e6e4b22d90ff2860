import { LabError } from '../../errors.js';
import { describeGroups } from '../../requests/groups.js';
import { pause } from '../../waiting.js';
import { isConnectionError } from './errors.js';
import { type GroupState, groupStates } from './group-state.js';
import type { Session } from './session.js';
import { someOf } from './topics.js';

/** At most two looks a second. */
const LOOK_MS = 500;

/** All groups, or one. @throws LabError BAD_INPUT if that one is not there */
export async function lookAtGroups(
  session: Session,
  group: string | undefined,
): Promise<GroupState[]> {
  const states = await groupStates(session, group === undefined ? undefined : [group]);
  if (group !== undefined && states.length === 0) throw noGroup(group, await groupNames(session));
  return new NewestFirst().sorted(states);
}

/**
 * Tells the groups again and again, until the session ends: those with members first, and of them the newest. A group that is
 * not there yet is waited for.
 */
export async function watchGroups(
  session: Session,
  group: string | undefined,
  report: (states: GroupState[]) => Promise<unknown>,
): Promise<void> {
  const only = group === undefined ? undefined : [group];
  const order = new NewestFirst();
  while (!session.ended.aborted) {
    const states = await groupStates(session, only).catch((error) => {
      if (isConnectionError(error)) throw error;
      return undefined; // a coordinator that moves, a group that is just being deleted
    });
    if (states) await report(order.sorted(states));
    await pause(LOOK_MS, session.ended);
  }
}

/**
 * Groups with members first, and of them those that have had members for the shortest time. Kafka does not report since when:
 * known is what changed between two looks. Those that are alike are in order of names.
 */
export class NewestFirst {
  /** Since which look a group is as it is, with or without members. */
  readonly #since = new Map<string, { used: boolean; look: number }>();
  #look = 0;

  sorted(states: readonly GroupState[]): GroupState[] {
    const look = ++this.#look;
    for (const { group, members } of states) {
      const used = members === null || members.length > 0;
      if (this.#since.get(group)?.used !== used) this.#since.set(group, { used, look });
    }
    const since = ({ group }: GroupState) =>
      this.#since.get(group) as { used: boolean; look: number };
    return [...states].sort(
      (a, b) => Number(since(b).used) - Number(since(a).used) || since(b).look - since(a).look,
    );
  }
}

async function groupNames({ brokers }: Session): Promise<string[]> {
  const groups = await describeGroups(brokers);
  return groups.filter(({ isHidden }) => !isHidden).map(({ group }) => group);
}

function noGroup(group: string, there: string[]): LabError {
  return new LabError('BAD_INPUT', {
    what: `There is no group '${group}'.`,
    why: there.length === 0 ? 'This Kafka has no group yet.' : `This Kafka has ${someOf(there)}.`,
    fix: `A group begins with its first consumer: npx --no kafka-lab consume orders --group ${group}`,
  });
}
