import { expect, test } from 'vitest';
import type { Widget } from '../../../lib/jupyter/stage/jupyterlab.js';
import { Stage } from '../../../lib/jupyter/stage/stage.mjs';

/** A widget of JupyterLab's that only its own selector finds. */
const widget = (name: string, children: Widget[] = []) => ({
  ...{ name, isHidden: false, sizes: [0.2, 0.6, 0.2] },
  node: { matches: (selector: string) => selector.split(', ').includes(name) },
  children: () => children,
  hide() {
    this.isHidden = true;
  },
  show() {
    this.isHidden = false;
  },
  relativeSizes() {
    return this.sizes;
  },
  setRelativeSizes(sizes: number[]) {
    this.sizes = sizes;
  },
});

/** JupyterLab with one sidebar open and one that its user has closed, and the page that it is on. */
function open(kept = new Map<string, string>(), workspace = 'default') {
  const bar = widget('.jp-SideBar');
  const [left, right] = [widget('.jp-SideArea'), widget('.jp-SideArea')];
  right.isHidden = true;
  const split = widget('#jp-main-split-panel', [left, widget('#dock'), right]);
  const shell = {
    ...{ mode: 'multiple-document', presentationMode: false },
    children: () => [bar, split],
  };
  const classes = new Set<string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const stage = new Stage(shell, {
    classes: { add: (name) => classes.add(name), remove: (name) => classes.delete(name) },
    storage,
    workspace: () => workspace,
  });
  const look = () => ({
    ...{ mode: shell.mode, presentationMode: shell.presentationMode, sizes: split.sizes },
    classes: [...classes],
    hidden: [bar, left, right].map(({ isHidden }) => isHidden),
  });
  return { stage, shell, split, look, kept };
}

test('on stage all that is aside is hidden, and back all is as it was', () => {
  const { stage, split, look, kept } = open();
  const before = look();
  stage.enter();
  expect(stage.isOn).toBe(true);
  expect(look()).toEqual({
    ...{ mode: 'single-document', presentationMode: true, sizes: before.sizes },
    ...{ classes: ['kafka-lab-stage'], hidden: [true, true, true] },
  });
  split.sizes = [0, 1, 0];
  stage.leave();
  expect(stage.isOn).toBe(false);
  expect(look()).toEqual(before);
  expect(kept.size).toBe(0);
});

test('back keeps the modes that somebody had chosen before', () => {
  const { stage, shell, look } = open();
  shell.mode = 'single-document';
  shell.presentationMode = true;
  const before = look();
  stage.enter();
  stage.leave();
  expect(look()).toEqual(before);
});

test('another tab leaves a page alone that is on stage', () => {
  const first = open();
  const before = first.look();
  first.stage.enter();
  const other = open(first.kept, 'auto-Q');
  const itsOwn = other.look();
  other.stage.leaveIfLeftOpen();
  expect(other.look()).toEqual(itsOwn);
  const reloaded = open(first.kept);
  reloaded.shell.mode = first.shell.mode;
  reloaded.stage.leaveIfLeftOpen();
  expect(reloaded.look()).toEqual(before);
});

test('a page that was left on stage opens as it was before', () => {
  const first = open();
  const before = first.look();
  first.stage.enter();
  const next = open(first.kept);
  // What JupyterLab keeps itself.
  next.shell.mode = first.shell.mode;
  next.split.sizes = [0, 1, 0];
  next.stage.leaveIfLeftOpen();
  expect(next.look()).toEqual(before);
  expect(next.kept.size).toBe(0);
});

test('a page that was left as usual opens as JupyterLab keeps it', () => {
  const { stage, shell, look } = open();
  shell.mode = 'single-document';
  const before = look();
  stage.leaveIfLeftOpen();
  expect(look()).toEqual(before);
});
