import { LabError } from '../errors.js';
import { requireSomebodyToAsk } from '../terminal/confirm.js';
import { resetDead } from '../terminal/reset-dead.js';
import { PARTS, type Part, resetParts } from '../terminal/reset-parts.js';
import { onKafka } from '../terminal/session.js';
import { type Command, parse, UsageError } from './command.js';

const help = `npx --no kafka-lab reset [PART…] [--yes]
npx --no kafka-lab reset --dead
Brings the lab back to its start, after listing what that changes and asking.

  PART     notebooks, topics, groups or progress; several are fine; none: all of them
  --yes    does not ask: for scripts
  --dead   deletes only what runs that are over have left on Kafka: topics, groups, ghost members. Does not ask

Notebooks become what they were in the last commit; your changed ones are kept in .lab/kept/, your own ones stay.
On the lab's own Kafka all topics and groups go, but for Kafka's internal ones; on a Kafka of yours, only what a
notebook made. What is in use stays, and is named: groups that have members, the topics they read, and what an open
notebook has.`;

export const reset: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: {
      yes: { type: 'boolean', default: false },
      dead: { type: 'boolean', default: false },
    },
  });
  const parts = positionals.map(partOf);
  if (values.dead && parts.length > 0) throw new UsageError('--dead goes without parts.');
  if (values.dead) return onKafka({ holder: 'reset --dead' }, resetDead);
  if (!values.yes) orUsage(requireSomebodyToAsk);
  const chosen = new Set(parts.length > 0 ? parts : PARTS);
  if (!chosen.has('topics') && !chosen.has('groups')) return resetParts(chosen, values.yes);
  return onKafka({ holder: 'reset' }, (session) => resetParts(chosen, values.yes, session));
}

function partOf(name: string): Part {
  const part = PARTS.find((known) => known === name);
  if (part) return part;
  throw new UsageError(`There is no part '${name}': take ${PARTS.join(', ')}.`);
}

function orUsage(require: () => void): void {
  try {
    require();
  } catch (error) {
    throw error instanceof LabError ? new UsageError(error.message) : error;
  }
}
