/** @typedef {import('./jupyterlab.js').Shell} Shell */
/** @typedef {import('./jupyterlab.js').Widget} Widget */
/** @typedef {import('./jupyterlab.js').Page} Page */

/**
 * What Stage changes and JupyterLab would keep over a reload, as it was before. `sizes` are those of sidebars and notebook.
 * @typedef {{ mode: string, sizes: number[] | undefined }} Before
 */

const CLASS = 'kafka-lab-stage';
/**
 * What an audience does not need: sidebars, the bars of icons beside them, the status bar. Hidden, not collapsed: what is
 * collapsed JupyterLab would keep for its next start.
 */
const ASIDE = '.jp-SideArea, .jp-SideBar, #jp-main-statusbar';
const SPLIT = '#jp-main-split-panel';
/** In the browser's storage while a page is on stage, by its workspace. */
const KEY = 'kafka-lab:before-stage:';

/** JupyterLab as an audience reads it, and back. How large letters and charts are is said in stage.css. */
export class Stage {
  /**
   * @param {Shell} shell
   * @param {Page} page
   */
  constructor(shell, { classes, storage, workspace }) {
    this.shell = shell;
    this.classes = classes;
    this.storage = storage;
    this.workspace = workspace;
    /** @type {Before | undefined} */
    this.before = undefined;
    /** @type {Widget[]} */
    this.hidden = [];
    this.wasPresenting = false;
  }

  get isOn() {
    return this.before !== undefined;
  }

  get key() {
    return KEY + this.workspace();
  }

  enter() {
    const { shell } = this;
    this.before = { mode: shell.mode, sizes: this.all(SPLIT)[0]?.relativeSizes?.() };
    this.storage.setItem(this.key, JSON.stringify(this.before));
    this.wasPresenting = shell.presentationMode;
    this.hidden = this.all(ASIDE).filter(({ isHidden }) => !isHidden);
    this.classes.add(CLASS);
    shell.presentationMode = true;
    shell.mode = 'single-document';
    for (const widget of this.hidden) widget.hide();
  }

  leave() {
    const { shell, before } = this;
    if (!before) return;
    this.before = undefined;
    this.storage.removeItem(this.key);
    this.classes.remove(CLASS);
    shell.presentationMode = this.wasPresenting;
    shell.mode = before.mode;
    for (const widget of this.hidden) widget.show();
    if (before.sizes) this.all(SPLIT)[0]?.setRelativeSizes?.(before.sizes);
  }

  /** For a page that was left on stage: it opens as it was before. */
  leaveIfLeftOpen() {
    const left = this.storage.getItem(this.key);
    if (left) this.before = JSON.parse(left);
    this.leave();
  }

  /** @param {string} selector */
  all(selector) {
    return [...below(this.shell)].filter(({ node }) => node.matches(selector));
  }
}

/**
 * @param {Pick<Widget, 'children'>} widget
 * @returns {Generator<Widget>}
 */
function* below(widget) {
  for (const child of widget.children()) {
    yield child;
    yield* below(child);
  }
}
