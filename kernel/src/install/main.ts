import { KernelError, messageOf } from '../explained.js';
import { name, version } from '../package.js';
import { type Command, readCommand } from './arguments.js';
import { install } from './install.js';
import { status } from './status.js';
import { type Surroundings, surroundings } from './surroundings.js';
import { uninstall } from './uninstall.js';

const HELP = `Usage: ${name} COMMAND [OPTIONS]

Commands
  install     tells Jupyter of this kernel: writes a kernelspec, in place of an earlier one
  uninstall   removes that again
  status      says where it is installed, which TypeScript it has, and what mends what is broken

Where to (install, uninstall)
  --user           for you alone, in any Jupyter of yours; so it is unless told
  --sys-prefix     in the active Python environment (VIRTUAL_ENV or CONDA_PREFIX)
  --prefix FOLDER  in FOLDER/share/jupyter; status looks there, too

Names
  --name NAME            what Jupyter and notebooks know it by; ${name} unless told
  --display-name TITLE   what JupyterLab's launcher shows (install)

  --help, --version

It ends with 0 when all is well, with 1 when something is not, with 2 when it was asked wrongly.`;

/** Runs a command; returns its exit code. */
export function run(args: string[], here: Surroundings = surroundings()): 0 | 1 | 2 {
  try {
    return act(readCommand(args, here), here) ? 0 : 1;
  } catch (error) {
    const { what, why, fix, code } = error as Partial<KernelError>;
    const sentences = error instanceof KernelError ? [what, why, fix] : [messageOf(error)];
    here.complain(sentences.join('\n'));
    return code === 'BAD_OPTION' ? 2 : 1;
  }
}

function act(command: Command, here: Surroundings): boolean {
  const { action } = command;
  if (action === 'help') here.say(HELP);
  else if (action === 'version') here.say(version);
  else if (here.platform === 'win32') throw notOnWindows();
  else if (action === 'status') return status(command, here);
  else if (action === 'install') install(command, here);
  else uninstall(command, here);
  return true;
}

function notOnWindows(): KernelError {
  return new KernelError('NOT_SUPPORTED', {
    what: 'Nothing was done.',
    why: 'The kernel runs on Linux and macOS: on Windows it can neither interrupt cells nor show what their child processes write.',
    fix: 'Run Jupyter and the kernel in WSL: wsl --install',
  });
}
