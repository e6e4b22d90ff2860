import { assignment, type Ledger, presentMembers } from '../ledger/index.js';

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

/** The topics that members of the group were ever assigned. */
function topicsOf(ledger: Ledger, group: string): string[] {
  const facts = ledger.members({ group });
  return [...new Set(facts.flatMap((fact) => Object.keys(fact.assignment ?? {})))];
}
