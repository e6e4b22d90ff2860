import { requirePrefix } from '../broker/index.js';
import { onKafka } from '../terminal/kafka/session.js';
import { resetLeftovers } from '../terminal/reset/reset-leftovers.js';
import { PARTS, type Part, resetParts } from '../terminal/reset/reset-parts.js';
import { requireSomebodyToAsk } from '../terminal/ui/confirm.js';
import { type Command, orUsage, parse, UsageError } from './arguments/command.js';

const help = `npx --no kafka-lab reset [PART…] [--yes]
npx --no kafka-lab reset --prefix P [topics|groups] [--yes]
npx --no kafka-lab reset --dead

Brings the lab back to its start, after listing what that changes and asking.

  PART     notebooks, topics, groups or progress; one or several; none: all of them
  --yes    does not ask: for scripts
  --prefix only the topics and groups of the learner whose names begin with P, and what the class board shows of them
  --dead   deletes only what finished runs have left on Kafka: topics, groups, stale members. Does not ask

Notebooks become what they were in the last commit; your changed ones are kept in .lab/kept/, your own ones stay.
On the lab's own Kafka all topics and groups are deleted, except Kafka's internal ones; on a Kafka of yours, only what
your notebooks created. Share groups (KIP-932) are groups, too: with them go the settings that were made for them. What is in
use stays, and is listed: groups that have members, the topics they read, and what an open notebook has. So does there, without
--prefix, the topic that the class board reads, P.progress.`;

export const reset: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: {
      yes: { type: 'boolean', default: false },
      dead: { type: 'boolean', default: false },
      prefix: { type: 'string' },
    },
  });
  const parts = positionals.map(partOf);
  if (values.prefix !== undefined) return resetLearner(values.prefix, parts, values);
  if (values.dead && parts.length > 0) throw new UsageError('--dead takes no parts.');
  if (values.dead) return onKafka({ holder: 'reset --dead' }, resetLeftovers);
  if (!values.yes) orUsage(requireSomebodyToAsk);
  const chosen = new Set(parts.length > 0 ? parts : PARTS);
  if (!chosen.has('topics') && !chosen.has('groups')) return resetParts(chosen, values.yes);
  return onKafka({ holder: 'reset' }, (session) => resetParts(chosen, values.yes, session));
}

/** Topics and groups that begin with one learner's prefix. */
async function resetLearner(
  prefix: string,
  parts: Part[],
  { yes, dead }: { yes: boolean; dead: boolean },
): Promise<number> {
  if (dead) throw new UsageError('--dead cannot be combined with --prefix.');
  const wrong = parts.find((part) => part !== 'topics' && part !== 'groups');
  if (wrong) throw new UsageError(`--prefix is for topics and groups, not for ${wrong}.`);
  orUsage(() => requirePrefix('--prefix', prefix));
  if (!yes) orUsage(requireSomebodyToAsk);
  const chosen = new Set<Part>(parts.length > 0 ? parts : ['topics', 'groups']);
  return onKafka({ holder: 'reset --prefix' }, (session) =>
    resetParts(chosen, yes, session, prefix),
  );
}

function partOf(name: string): Part {
  const part = PARTS.find((known) => known === name);
  if (part) return part;
  throw new UsageError(`There is no part '${name}'; there are ${PARTS.join(', ')}.`);
}
