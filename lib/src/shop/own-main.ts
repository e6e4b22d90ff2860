import type { ProgramSettings } from '../lab/service/service-settings.js';
import { OwnClients } from './own-clients.js';
import { OwnModules } from './own-modules.js';
import { die, work } from './working.js';

/** What the module of a program exports. */
interface Program {
  start?: (given: Record<string, unknown>) => unknown;
}

process.on('unhandledRejection', die);

/** The process of a learner's own program. */
work<ProgramSettings>(async (settings) => {
  const clients = new OwnClients(settings, die);
  const modules = new OwnModules(settings.code, { kafkajs: clients.kafkajs });
  const { start } = modules.first() as Program;
  if (!start) throw new Error(`The module ${settings.name} exports no function called start.`);
  await start({ ...settings.given, connection: settings.connection });
  return () => clients.disconnect();
});
