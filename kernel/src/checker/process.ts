import { setPaths } from '../files.js';
import { FilesBeside } from './beside.js';
import {
  type Checked,
  type Checker,
  CheckerFailed,
  CheckerLost,
  type Completion,
  type Finding,
} from './checker.js';
import { completionsAt } from './completions.js';
import { Configuration, styleOf } from './configuration.js';
import { describeAt } from './descriptions.js';
import { findingsOf } from './findings.js';
import { Folder } from './folder.js';
import { Lookups } from './lookups.js';
import { areValues, typesOf } from './types.js';
import {
  type API,
  type Diagnostic,
  end,
  isFailure,
  isLoss,
  onExit,
  type Project,
  pathsOf,
  type Snapshot,
  typescript,
} from './typescript7.js';

/** TypeScript's codes of a module that was not found, or has no types: what was not there may be there next time. */
const NOT_FOUND = [2307, 2792, 2732, 7016];

interface Surroundings {
  tell(pid: number, isThere: boolean): void;
  packages: readonly string[];
}

/** TypeScript in a process of its own, which lives as long as this one or until it is closed. */
export class TypeScriptProcess implements Checker {
  private readonly folder: Folder;
  private readonly configuration: Configuration;
  private readonly lookups: Lookups;
  private readonly api: API;
  private isOpen = false;
  private lost: CheckerLost | undefined;
  private failed: CheckerLost | undefined;
  private readonly beside: FilesBeside;
  private lacksModules = false;

  /**
   * Starts the process, and does not wait for it. `path`: the notebook's folder; `packages`: others, as in KernelOptions.
   * `tell` is told the id of the process, and again when it has ended.
   */
  constructor(path: string, { tell = () => {}, packages = [] }: Partial<Surroundings> = {}) {
    this.folder = new Folder(path, packages);
    this.beside = new FilesBeside(this.folder);
    this.configuration = new Configuration(this.folder);
    this.lookups = new Lookups(this.folder.files);
    this.api = new typescript.sync.API({ cwd: path, fs: this.lookups.files });
    const pid = onExit(this.api, (how) => {
      this.lost ??= new CheckerLost(how);
      tell(pid, false);
    });
    tell(pid, true);
  }

  check(text: string): Checked {
    return this.guarded(() => {
      if (!this.isOpen) this.open();
      this.folder.text = text;
      const changed = [this.folder.cell, ...this.beside.changed()];
      const snapshot = this.api.updateSnapshot({
        fileChanges: this.lacksModules ? { invalidateAll: true } : { changed },
      });
      this.api.clearSourceFileCache(); // under such a name it would give the syntax tree of the text before
      this.lacksModules = false;
      return this.checked(text, snapshot);
    });
  }

  isOutdated(): boolean {
    return this.failed !== undefined || this.configuration.isOutdated();
  }

  close(): void {
    this.end('It was closed.');
  }

  private open(): void {
    this.configuration.read(this.api, this.lookups);
    this.api.updateSnapshot({ openProjects: [this.folder.configuration] }).dispose();
    this.isOpen = true;
  }

  private checked(text: string, snapshot: Snapshot): Checked {
    const project = snapshot.getProjects()[0] as Project;
    setPaths(pathsOf(project));
    const { cell } = this.folder;
    const guarded = <T>(ask: () => T) => this.guarded(ask);
    return {
      style: styleOf(project),
      findings: (from) => guarded(() => this.findings(text, project, from)),
      syntax: (from) => guarded(() => this.syntax(project, from)),
      areValues: (places) => guarded(() => areValues(project, cell, places)),
      types: (places) => guarded(() => typesOf(project, cell, places)),
      complete: (place): Completion[] => guarded(() => completionsAt(project, cell, place)),
      describe: (place) => guarded(() => describeAt(project, cell, place)),
      dispose: () => this.lost ?? guarded(() => snapshot.dispose()),
    };
  }

  private syntax({ program }: Project, from: number): Finding[] {
    const found = program.getSyntacticDiagnostics(this.folder.cell);
    const meant = found.filter(({ end }) => end > from);
    return findingsOf(this.folder, meant);
  }

  private findings(text: string, project: Project, from: number): Finding[] {
    const { program } = project;
    const { cell } = this.folder;
    const misconfigured = this.configuration.findings(project);
    if (misconfigured.length > 0) return misconfigured;
    const isMeant = ({ fileName, end }: Diagnostic) => fileName !== cell || end > from;
    const syntactic = this.syntax(project, from);
    if (syntactic.length > 0) return syntactic;
    const others = this.beside.reachedBy(text.slice(from), program);
    const broken = others.flatMap((file) => program.getSyntacticDiagnostics(file));
    if (broken.length > 0) return findingsOf(this.folder, broken); // all else would follow from it
    const all = [cell, ...others].flatMap((file) => program.getSemanticDiagnostics(file));
    const meant = all.filter(isMeant);
    this.lacksModules = meant.some(({ code }) => NOT_FOUND.includes(code));
    return findingsOf(this.folder, meant);
  }

  private guarded<T>(ask: () => T): T {
    if (this.lost) throw this.lost;
    try {
      return ask();
    } catch (error) {
      if (isLoss(error)) throw this.end(`It does not answer: ${(error as Error).message}.`);
      if (!isFailure(error)) throw error;
      this.failed = this.end('It failed.');
      throw new CheckerFailed((error as Error).message);
    }
  }

  /** `why`: what is told of it from now on. */
  private end(why: string): CheckerLost {
    end(this.api);
    return (this.lost ??= new CheckerLost(why));
  }
}
