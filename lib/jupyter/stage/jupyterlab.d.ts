/** Of JupyterLab what Stage uses. */
export interface Shell {
  mode: string;
  presentationMode: boolean;
  children(): Iterable<Widget>;
}

export interface Widget {
  readonly isHidden: boolean;
  readonly node: { matches(selector: string): boolean };
  children(): Iterable<Widget>;
  hide(): void;
  show(): void;
  /** Of a panel with bars between its parts. */
  relativeSizes?(): number[];
  setRelativeSizes?(sizes: number[]): void;
}

/** Of the browser's page. */
export interface Page {
  /** Of its body: tooltips are outside of the shell. */
  classes: { add(name: string): void; remove(name: string): void };
  storage: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    removeItem(key: string): void;
  };
  /** The name of the page's workspace, whose layout JupyterLab keeps: each tab has its own. */
  workspace(): string;
}

interface Application {
  readonly shell: Shell;
  readonly restored: Promise<unknown>;
  readonly commands: { addCommand(id: string, options: object): unknown };
}

interface Palette {
  addItem(item: { command: string; category: string }): unknown;
}

export interface Plugin {
  id: string;
  description: string;
  autoStart: boolean;
  optional: object[];
  activate(app: Application, palette: Palette | null): void;
}

/** Packages by name and version. */
export type Shared = Record<
  string,
  Record<string, { get(): Promise<() => { ICommandPalette?: object }> }>
>;

interface Container {
  init(shared: Shared): void;
  get(module: string): Promise<() => unknown>;
}

declare global {
  interface Window {
    /** There from the first extension on. */
    _JUPYTERLAB?: Record<string, Container>;
  }
}
