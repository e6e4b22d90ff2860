import { createInterface } from 'node:readline';
import { messageOf } from '../errors.js';
import { installHost } from '../host.js';
import { type ServiceSettings, settingsFrom } from '../lab/service/service-settings.js';
import { consume } from './consume.js';
import { consumeStatically } from './consume-statically.js';
import { endWithParent } from './parent.js';

/** The process of a service. Its settings are the first line of its input; "stop" ends it; so does the end of the input. */
async function main(): Promise<void> {
  const input = createInterface({ input: process.stdin });
  const lines = input[Symbol.asyncIterator]();
  const settings = settingsFrom<ServiceSettings>((await lines.next()).value);
  endWithParent(settings.facts);
  const { groupInstanceId } = settings;
  const consumer = groupInstanceId
    ? await consumeStatically(settings, groupInstanceId)
    : await consume(settings);
  await lines.next();
  await consumer.disconnect();
  process.exit(0);
}

function die(error: unknown): never {
  console.error(messageOf(error));
  process.exit(1);
}

// An interrupt is meant for the cell that waits, not for what works beside it.
process.on('SIGINT', () => {});
const never = new AbortController().signal;
installHost({ display: () => {}, fail: die, onShutdown: () => () => {}, signal: () => never });
main().catch(die);
