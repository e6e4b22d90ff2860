import { byName, type Ledger } from '../ledger/index.js';

/** What a page is about: a topic, and a group that reads it. */
export interface Subject {
  topic: string;
  group: string;
}

const READ = ['delivered', 'committed', 'acquired'] as const;

/** The groups of a run, each with the topics that it reads, by name. */
export function subjectsOf(ledger: Ledger): Subject[] {
  const found = new Map<string, Subject>();
  const add = (subject: Subject) =>
    found.set(JSON.stringify([subject.group, subject.topic]), subject);
  for (const { group, assignment = {} } of ledger.members())
    for (const [topic, partitions] of Object.entries(assignment))
      if (partitions.length > 0) add({ topic, group });
  for (const kind of READ)
    for (const { topic, group } of ledger.trailsOf(kind)) add({ topic, group });
  return [...found.values()].sort((a, b) => byName(a.topic, b.topic) || byName(a.group, b.group));
}
