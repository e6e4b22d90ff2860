import { stopBroker } from '../broker/index.js';
import { type Command, parse } from './command.js';

const help = `npx --no kafka-lab stop

Stops the Kafka of the lab, also under those who use it.`;

export const stop: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  parse({ args: argv, options: {} });
  console.log((await stopBroker()) ? 'Kafka is stopped.' : 'No Kafka of the lab was running.');
  return 0;
}
