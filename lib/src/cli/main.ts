import { asSystemError } from '../broker/embedded/system-error.js';
import { LabError } from '../errors.js';
import { requireOwnFolders } from '../own-folders.js';
import { tolerateClosedPipes } from '../terminal/ui/output.js';
import { type Command, UsageError } from './arguments/command.js';

// Loaded when called: the help of one command need not wait for another's libraries.
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./start.js')).start,
  notebooks: async () => (await import('./notebooks.js')).notebooks,
  slides: async () => (await import('./slides.js')).slides,
  site: async () => (await import('./site.js')).site,
  timetable: async () => (await import('./timetable.js')).timetabling,
  'new-lesson': async () => (await import('./new-lesson.js')).newLesson,
  doctor: async () => (await import('./doctor.js')).doctor,
  status: async () => (await import('./status.js')).status,
  topic: async () => (await import('./topic.js')).topic,
  produce: async () => (await import('./produce.js')).produce,
  consume: async () => (await import('./consume.js')).consume,
  groups: async () => (await import('./groups.js')).groups,
  export: async () => (await import('./export.js')).exporting,
  replay: async () => (await import('./replay.js')).replay,
  class: async () => (await import('./class.js')).classBoard,
  progress: async () => (await import('./progress.js')).progress,
  reset: async () => (await import('./reset.js')).reset,
  stop: async () => (await import('./stop.js')).stop,
};

/** Runs one command. @returns the exit code: 0 done, 1 failed, 2 called wrongly, 128 + n by signal n */
export async function run(argv: string[]): Promise<number> {
  const [name = '--help', ...rest] = argv;
  tolerateClosedPipes();
  if (name === '--help' || name === '-h' || name === 'help') return printOverview();
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    if (!load) throw new UsageError(`There is no command '${name}'.`);
    const command = await load();
    if (asksForHelp(rest)) {
      console.log(command.help);
      return 0;
    }
    requireOwnFolders();
    return await command.run(rest);
  } catch (error) {
    return explain(error, load ? `kafka-lab ${name} --help` : 'kafka-lab help');
  }
}

function asksForHelp(argv: string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

function explain(error: unknown, help: string): number {
  if (error instanceof UsageError) {
    console.error(`${error.message} See: npx --no ${help}`);
    return 2;
  }
  const known = asSystemError(error);
  if (!(known instanceof LabError)) throw error;
  console.error([known.what, known.why, known.fix].filter(Boolean).join('\n'));
  return 1;
}

async function printOverview(): Promise<number> {
  console.log('npx --no kafka-lab COMMAND\n');
  for (const [name, load] of Object.entries(commands)) {
    console.log(`  ${name.padEnd(10)} ${purpose(await load())}`);
  }
  console.log('\nnpx --no kafka-lab COMMAND --help says more.');
  return 0;
}

/** What a command does: the first line below its calls. */
function purpose({ help }: Command): string {
  return (help.split('\n\n')[1] ?? '').split('\n')[0] ?? '';
}
