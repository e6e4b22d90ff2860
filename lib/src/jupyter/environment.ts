import { delimiter, join } from 'node:path';
import { installed, stateDir } from '../paths.js';
import { privateFolder } from '../private.js';

/**
 * The environment of Jupyter's processes: what the user has set for another Jupyter or Python cannot reach
 * this one, and this one writes nothing outside of the lab's folder.
 */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^(JUPYTER(?!HUB)|PYTHON|VIRTUAL_ENV|CONDA_PREFIX)/i.test(name)) env[name] = value;
  }
  return {
    ...env,
    JUPYTER_PREFER_ENV_PATH: '1',
    JUPYTER_CONFIG_DIR: privateFolder(stateDir('jupyter', 'config')),
    JUPYTER_DATA_DIR: privateFolder(stateDir('jupyter', 'data')),
    JUPYTER_RUNTIME_DIR: privateFolder(stateDir('jupyter', 'run')),
    // A terminal opened in JupyterLab finds `jupyter` and `python` of the lab.
    PATH: [installed().scripts, process.env['PATH']].filter(Boolean).join(delimiter),
  };
}

/** The log of JupyterLab. */
export const jupyterLog = (): string => join(stateDir('logs'), 'jupyter.log');

/** What the headless runner of one notebook, and its kernel, had to say. */
export const notebookLog = (name: string): string =>
  join(stateDir('logs'), 'notebooks', `${name}.log`);
