import { survivors } from './declarations.js';
import { type Excerpt, Scope } from './scope.js';
import type { Ts } from './typescript.js';

/** Changes a variable in the code that declared it. */
type Setters = Record<string, (value: unknown) => void>;

/** What the cells declared so far: values for the code that runs, declarations for the compiler. */
export class Locals {
  readonly scope: Scope;
  private readonly values: Record<string, unknown> = {};
  private readonly owners = new Map<string, CellLocals>();
  private runs = 0;

  constructor(private readonly ts: Ts) {
    this.scope = new Scope(ts);
  }

  /**
   * For one run of a cell that was compiled with `before`. `after` are its own declarations and those that it leaves,
   * `own` the names of the values that it declares.
   */
  begin(before: Excerpt, after: string, own: readonly string[]): CellLocals {
    const { values, owners } = this;
    let known = before;
    return new CellLocals({ values, owners }, ++this.runs, new Set(own), (missing) => {
      const left = survivors(this.ts, before.text, after, missing);
      known = this.scope.replace(known, left);
    });
  }
}

/** The locals as one cell's code sees them. */
export class CellLocals {
  /** What the code knows as `exports`: it assigns to it each value that it declares or changes. */
  readonly exports: object;
  private readonly cleared = new Set<string>();
  private readonly assigned = new Set<string>();
  private dropped: ReadonlySet<string> = new Set();
  private setters: Setters = {};

  constructor(
    private readonly shared: { values: Record<string, unknown>; owners: Map<string, CellLocals> },
    private readonly run: number,
    private readonly own: ReadonlySet<string>,
    private readonly declare: (missing: ReadonlySet<string>) => void,
  ) {
    this.exports = new Proxy(shared.values, {
      set: (_, name, value) => this.assign(String(name), value),
      // Imports become getters; as values they can be assigned to by later cells.
      defineProperty: (_, name, { get, value }) =>
        name === '__esModule' || this.assign(String(name), get ? get() : value),
    });
  }

  /** Called by the code first of all, for each of its `let` and `var`: later cells may assign to them. */
  readonly live = (setters: Setters): void => {
    this.setters = setters;
  };

  /** To be called when the code has ended well. */
  done(): void {
    this.declare(new Set());
  }

  /**
   * To be called when the code failed or is no longer waited for. What it has declared and assigned by now stays,
   * as it would in a REPL. Names that it did not get to mean what they meant before, whatever it assigns later.
   */
  failed(): void {
    this.dropped = new Set([...this.own].filter((name) => !this.assigned.has(name)));
    this.declare(this.dropped);
  }

  /** The value of `name`, which is forgotten. */
  take(name: string): unknown {
    const { values, owners } = this.shared;
    const value = values[name];
    delete values[name];
    owners.delete(name);
    return value;
  }

  private assign(name: string, value: unknown): boolean {
    const { values, owners } = this.shared;
    const owner = owners.get(name);
    if (!this.own.has(name)) {
      values[name] = value;
      owner?.setters[name]?.(value);
    } else if (!this.isClearing(name, value) && !this.dropped.has(name)) {
      this.assigned.add(name);
      if (owner && owner.run > this.run) return true; // declared anew by a later cell
      values[name] = value;
      owners.set(name, this);
    }
    return true;
  }

  /** Compiled modules begin by setting what they will export to undefined: an earlier value shall outlive that. */
  private isClearing(name: string, value: unknown): boolean {
    if (value !== undefined || this.cleared.has(name)) return false;
    this.cleared.add(name);
    return true;
  }
}
