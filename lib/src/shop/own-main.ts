import { createInterface } from 'node:readline';
import { messageOf } from '../errors.js';
import { installHost } from '../host.js';
import { type ProgramSettings, settingsFrom } from '../lab/service/service-settings.js';
import { OwnClients } from './own-clients.js';
import { OwnModules } from './own-modules.js';
import { endWithParent } from './parent.js';

/** What the module of a program exports. */
interface Program {
  start?: (given: Record<string, unknown>) => unknown;
}

/** The process of a learner's own program. Its settings are the first line of its input; "stop" ends it; so does the end of the input. */
async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const settings = settingsFrom<ProgramSettings>((await lines.next()).value);
  endWithParent(settings.facts);
  const clients = new OwnClients(settings, die);
  const modules = new OwnModules(settings.code, { kafkajs: clients.kafkajs });
  const { start } = modules.first() as Program;
  if (!start) throw new Error(`The module ${settings.name} exports no function called start.`);
  await start({ ...settings.given, connection: settings.connection });
  await lines.next();
  await clients.disconnect();
  process.exit(0);
}

function die(error: unknown): never {
  console.error(messageOf(error));
  process.exit(1);
}

// An interrupt is meant for the cell that waits, not for what works beside it.
process.on('SIGINT', () => {});
process.on('unhandledRejection', die);
const never = new AbortController().signal;
installHost({ display: () => {}, fail: die, onShutdown: () => () => {}, signal: () => never });
main().catch(die);
