import { filesReached, setPaths, versionOf } from '../files.js';
import {
  type Checked,
  type Checker,
  CheckerLost,
  type Completion,
  type Finding,
} from './checker.js';
import { completionsAt } from './completions.js';
import { Configuration, styleOf } from './configuration.js';
import { describeAt } from './descriptions.js';
import { findingsOf } from './findings.js';
import { Folder } from './folder.js';
import { areValues, typesOf } from './types.js';
import {
  type API,
  type Diagnostic,
  isLoss,
  onExit,
  type Project,
  pathsOf,
  type Snapshot,
  typescript,
} from './typescript7.js';

/** TypeScript's codes of a module that was not found, or has no types: what was not there may be there next time. */
const NOT_FOUND = [2307, 2792, 2732, 7016];

/** TypeScript in a process of its own, which lives as long as this one or until it is closed. */
export class TypeScriptProcess implements Checker {
  private readonly folder: Folder;
  private readonly configuration: Configuration;
  private readonly api: API;
  private isOpen = false;
  private lost: CheckerLost | undefined;
  /** The files beside the notebook that were checked, and the version of each. */
  private readonly seen = new Map<string, string>();
  private lacksModules = false;

  /**
   * Starts the process, and does not wait for it. `path`: the notebook's folder.
   * `tell` is told the id of the process, and 0 when it has ended.
   */
  constructor(
    private readonly path: string,
    tell: (pid: number) => void = () => {},
  ) {
    this.folder = new Folder(path);
    this.configuration = new Configuration(this.folder);
    this.api = new typescript.sync.API({ cwd: path, fs: this.folder.files });
    const pid = onExit(this.api, (how) => {
      this.lost ??= new CheckerLost(how);
      tell(0);
    });
    tell(pid);
  }

  check(text: string): Checked {
    return this.guarded(() => {
      const { configuration, cell } = this.folder;
      if (!this.isOpen) this.api.updateSnapshot({ openProjects: [configuration] }).dispose();
      this.isOpen = true;
      this.folder.text = text;
      const anew = this.configuration.changed(); // which `invalidateAll` would not read again
      const changed = [cell, ...this.changedFiles(), ...anew];
      const snapshot = this.api.updateSnapshot({
        fileChanges: this.lacksModules && anew.length === 0 ? { invalidateAll: true } : { changed },
      });
      this.api.clearSourceFileCache(); // under such a name it would give the syntax tree of the text before
      this.lacksModules = false;
      this.configuration.update(snapshot.getProjects()[0] as Project);
      return this.checked(text, snapshot);
    });
  }

  close(): void {
    if (!this.lost) this.api.close();
    this.lost ??= new CheckerLost('It was closed.');
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
      dispose: () => guarded(() => snapshot.dispose()),
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
    if (this.configuration.findings.length > 0) return this.configuration.findings;
    const isMeant = ({ fileName, end }: Diagnostic) => fileName !== cell || end > from;
    const syntactic = this.syntax(project, from);
    if (syntactic.length > 0) return syntactic;
    const others = this.filesOf(text.slice(from), program);
    for (const name of others) this.seen.set(name, this.versionOf(name));
    const broken = others.flatMap((file) => program.getSyntacticDiagnostics(file));
    if (broken.length > 0) return findingsOf(this.folder, broken); // all else would follow from it
    const all = [cell, ...others].flatMap((file) => program.getSemanticDiagnostics(file));
    const meant = all.filter(isMeant);
    this.lacksModules = meant.some(({ code }) => NOT_FOUND.includes(code));
    return findingsOf(this.folder, meant);
  }

  /** The files beside the notebook that the text imports, and those that these do. */
  private filesOf(text: string, program: Project['program']): string[] {
    const reached = filesReached(this.path, text);
    if (reached.size === 0) return [];
    const isMeant = (name: string) => reached.has(this.folder.pathOf(name) ?? '');
    return program.getSourceFileNames().filter(isMeant);
  }

  /** The files that were changed since this was last asked. */
  private changedFiles(): string[] {
    const changed = [...this.seen].filter(([name, version]) => this.versionOf(name) !== version);
    for (const [name] of changed) this.seen.set(name, this.versionOf(name));
    return changed.map(([name]) => name);
  }

  private versionOf(name: string): string {
    return versionOf(this.folder.pathOf(name) ?? '');
  }

  private guarded<T>(ask: () => T): T {
    if (this.lost) throw this.lost;
    try {
      return ask();
    } catch (error) {
      if (!isLoss(error)) throw error;
      throw (this.lost = new CheckerLost(`It does not answer: ${(error as Error).message}.`));
    }
  }
}
