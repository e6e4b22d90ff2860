import { assignment, type Ledger, presentMembers } from '../../ledger/index.js';

/** Whether a group has `members` members, and every partition of the topics that it reads an owner. */
export function isStable(
  ledger: Ledger,
  group: string,
  members: number,
  partitionsOf: (topic: string) => number | undefined,
): boolean {
  if (presentMembers(ledger, group).length !== members) return false;
  return topicsOf(ledger, group).every((topic) => {
    const owned = Object.values(assignment(ledger, group, topic)).flat();
    const size = partitionsOf(topic) ?? owned.length;
    return owned.length === size && new Set(owned).size === size;
  });
}

/** How far a group is from stable, in words. */
export function stability(ledger: Ledger, group: string): string {
  const members = Object.entries(assignment(ledger, group));
  if (members.length === 0) return 'no member has joined';
  return members.map(([member, owned]) => `${member} owns [${owned.join(', ')}]`).join(', ');
}

/** The topics that the present members were assigned when they last joined. */
function topicsOf(ledger: Ledger, group: string): string[] {
  const joined = new Map<string, string[]>();
  for (const { kind, member, assignment = {} } of ledger.members({ group })) {
    if (kind === 'joined') joined.set(member, Object.keys(assignment));
  }
  return [...new Set(presentMembers(ledger, group).flatMap((member) => joined.get(member) ?? []))];
}
