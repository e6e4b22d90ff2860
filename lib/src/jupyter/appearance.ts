import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, stateDir } from '../paths.js';
import { writePrivate } from '../private.js';

const TOC = '@jupyterlab/toc:plugin';

/** Makes JupyterLab look like a course, in the configuration of the lab alone. */
export function dressJupyter(): void {
  const css = readFileSync(join(root, 'lib', 'jupyter', 'custom.css'));
  writePrivate(stateDir('jupyter', 'config', 'custom', 'custom.css'), css);
  firstWorkspace();
}

/**
 * What a learner sees at the very first start: the notebooks to the left, the contents of the open one to the right.
 * From then on JupyterLab keeps how its user has arranged it.
 */
function firstWorkspace(): void {
  const folder = stateDir('jupyter', 'config', 'lab', 'workspaces');
  // JupyterLab's own name for the workspace that it opens when none is named.
  const file = join(folder, 'default-37a8.jupyterlab-workspace');
  if (existsSync(file)) return;
  writePrivate(file, JSON.stringify({ data: layout(), metadata: { id: 'default' } }));
}

function layout() {
  return {
    'layout-restorer:data': {
      // The address names the notebook that is opened.
      main: { dock: null },
      down: { size: 0, collapsed: true, widgets: [] },
      left: { ...OPEN, current: 'filebrowser', widgets: ['filebrowser', 'running-sessions'] },
      right: { ...OPEN, current: TOC, widgets: ['jp-property-inspector', TOC] },
      relativeSizes: [0.16, 0.66, 0.18],
      top: { simpleVisibility: true },
    },
  };
}

const OPEN = { collapsed: false, visible: true, widgetStates: {} };
