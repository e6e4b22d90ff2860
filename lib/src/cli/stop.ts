import { stopBroker } from '../broker/index.js';
import { type Command, parse } from './arguments/command.js';

const help = `npx --no kafka-lab stop

Stops the lab's Kafka, even while it is in use.`;

export const stop: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  parse({ args: argv, options: {} });
  console.log((await stopBroker()) ? 'Kafka is stopped.' : "The lab's Kafka was not running.");
  return 0;
}
