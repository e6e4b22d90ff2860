import { type Examination, examine, probes, removeLeftoverFiles } from '../doctor/index.js';
import { leftoversOnKafka } from '../terminal/reset/leftovers-probe.js';
import { visible } from '../terminal/ui/text.js';
import { type Command, parse, UsageError } from './arguments/command.js';

const help = `npx --no kafka-lab doctor [--json] [--clean]

Examines the whole lab, and names one command for each thing that is wrong.

  --json    the same for programs, as one object
  --clean   deletes files about processes that have ended, and stops queues whose notebook has ended

Changes nothing without --clean, and does not start Kafka. Exit code: 0 all is well, 1 something is wrong.`;

export const doctor: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values } = parse({
    args: argv,
    options: { json: { type: 'boolean' }, clean: { type: 'boolean' } },
  });
  if (values.json && values.clean) throw new UsageError('--clean cannot be combined with --json.');
  if (values.clean) return clean();
  const found = await examine([...probes.slice(0, 1), leftoversOnKafka, ...probes.slice(1)]);
  if (values.json) console.log(JSON.stringify(forPrograms(found)));
  else for (const line of forPeople(found)) console.log(visible(line));
  return found.every(({ findings }) => findings.length === 0) ? 0 : 1;
}

async function clean(): Promise<number> {
  const files = await removeLeftoverFiles();
  console.log(files === 0 ? 'There is nothing to clean.' : `Deleted ${files} of them.`);
  return 0;
}

function forPrograms(found: Examination[]) {
  const findings = found.flatMap(({ findings }) => findings);
  const facts = found.map(({ name, facts }) => [name.toLowerCase(), facts]);
  return { healthy: findings.length === 0, findings, ...Object.fromEntries(facts) };
}

export function forPeople(found: Examination[]): string[] {
  const width = Math.max(...found.map(({ name }) => name.length));
  const table = found.flatMap(({ name, lines }) =>
    lines.map((line, i) => `${(i === 0 ? name : '').padEnd(width)}  ${line}`),
  );
  const findings = found.flatMap(({ findings }) => findings);
  if (findings.length === 0) return [...table, '', '✓ All is well.'];
  const list = findings.flatMap(({ what, fix }) => [`✗ ${what}`, `  To mend it: ${fix}`]);
  return [...table, '', ...list];
}
