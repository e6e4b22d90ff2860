import { brokerStatus } from '../broker/index.js';
import { type Command, parse } from './arguments/command.js';

const help = `npx --no kafka-lab status [--json]

Shows whether Kafka is running, where, and who uses it.

  --json   the same for programs`;

export const status: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values } = parse({ args: argv, options: { json: { type: 'boolean' } } });
  const found = await brokerStatus();
  if (values.json) console.log(JSON.stringify(found));
  else for (const line of describe(found)) console.log(line);
  return 0;
}

function describe(found: Awaited<ReturnType<typeof brokerStatus>>): string[] {
  if (!found.running && found.silent !== undefined) {
    return [
      `The process of the lab that looks after Kafka (${found.silent}) does not answer: it is stopped, or it hangs.`,
      'This ends it, and Kafka with it; topics and offsets stay: npx --no kafka-lab stop',
    ];
  }
  if (!found.running) return ["The lab's Kafka is not running. npm start starts it."];
  const { origin, pid, brokers, version, holders } = found;
  if (brokers.length === 0) return ['Kafka is starting.'];
  const kafka = ['Kafka', version].filter(Boolean).join(' ');
  const where = `at ${brokers.join(', ')}`;
  return [
    origin === 'address'
      ? `${kafka} is yours, ${where}.`
      : `${kafka} runs ${where}, process ${pid}.`,
    holders.length > 0 ? `Used by ${holders.join(', ')}.` : 'Nobody uses it now.',
  ];
}
