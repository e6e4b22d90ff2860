// What JupyterLab loads of an extension: a container as its builder would write it (module federation), by hand since it
// holds one plugin and one style. It is a script, not a module: JupyterLab loads it so.
(() => {
  /** @typedef {import('./jupyterlab.js').Plugin} Plugin */

  const COMMAND = 'kafka-lab:stage';
  const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);
  /** @param {string} file of the same version */
  const beside = (file) => new URL(file + new URL(src).search, src).href;

  /**
   * What JupyterLab's own packages offer to extensions.
   * @type {import('./jupyterlab.js').Shared}
   */
  let shared = {};

  /** The token of JupyterLab's list of commands. */
  async function palette() {
    const [apputils] = Object.values(shared['@jupyterlab/apputils'] ?? {});
    return (await apputils?.get())?.().ICommandPalette;
  }

  /** @returns {import('./jupyterlab.js').Page} */
  function page() {
    const { location, localStorage: storage } = window;
    const workspace = () => /\/workspaces\/([^/]+)/.exec(location.pathname)?.[1] ?? 'default';
    return { classes: document.body.classList, storage, workspace };
  }

  /** @returns {Promise<Plugin>} its menu and its key are in plugin.json */
  async function plugin() {
    /** @type {typeof import('./stage.mjs')} */
    const { Stage } = await import(beside('stage.mjs'));
    const token = await palette();
    return {
      id: 'kafka-lab-stage:plugin',
      description: 'A notebook as an audience reads it, and back.',
      autoStart: true,
      optional: token ? [token] : [],
      activate: ({ commands, shell, restored }, list) => {
        const stage = new Stage(shell, page());
        commands.addCommand(COMMAND, {
          label: 'Stage',
          caption: 'Large letters and wide charts for an audience; once more: as it was',
          isToggled: () => stage.isOn,
          execute: () => (stage.isOn ? stage.leave() : stage.enter()),
        });
        list?.addItem({ command: COMMAND, category: 'View' });
        void restored.then(() => stage.leaveIfLeftOpen());
      },
    };
  }

  function style() {
    const link = { rel: 'stylesheet', href: beside('stage.css') };
    document.head.append(Object.assign(document.createElement('link'), link));
    return {};
  }

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB['kafka-lab-stage'] = {
    init: (scope) => {
      shared = scope;
    },
    get: async (name) => {
      const loaded = name === './style' ? style() : await plugin();
      return () => loaded;
    },
  };
})();
