import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { LabError } from '../errors.js';
import { describeGroups } from '../requests/groups.js';
import { isConnectionError } from './errors.js';
import { type GroupState, groupStates } from './group-state.js';
import { goodbye, type Session } from './session.js';
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
  return states;
}

/** Tells the groups again and again, until the session ends. A group that is not there yet is waited for. */
export async function watchGroups(
  session: Session,
  group: string | undefined,
  tell: (states: GroupState[]) => Promise<void>,
): Promise<void> {
  let admin = session.admin;
  const only = group === undefined ? undefined : [group];
  try {
    while (!session.ended.aborted) {
      const states = await groupStates({ ...session, admin }, only).catch(async (error) => {
        if (isConnectionError(error)) throw error;
        // A topic that was deleted since keeps kafkajs's client from asking about any other.
        admin = await anew(admin, session);
        return undefined;
      });
      if (states) await tell(states);
      await sleep(LOOK_MS, undefined, { signal: session.ended }).catch(() => undefined);
    }
  } finally {
    if (admin !== session.admin) await goodbye(admin);
  }
}

async function groupNames({ brokers }: Session): Promise<string[]> {
  return (await describeGroups(brokers)).map(({ group }) => group);
}

async function anew(admin: Admin, session: Session): Promise<Admin> {
  if (admin !== session.admin) await goodbye(admin);
  const fresh = session.client('kafka-lab').admin();
  await fresh.connect();
  return fresh;
}

function noGroup(group: string, there: string[]): LabError {
  return new LabError('BAD_INPUT', {
    what: `There is no group '${group}'.`,
    why: there.length === 0 ? 'This Kafka has no group yet.' : `This Kafka has ${someOf(there)}.`,
    fix: `A group begins with its first consumer: npx --no kafka-lab consume orders --group ${group}`,
  });
}
