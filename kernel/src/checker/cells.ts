import type { Outline } from '../transpile/outline.js';
import type { Style } from '../transpile/swc.js';
import {
  type Checked,
  type Completion,
  type Description,
  type Finding,
  isGone,
} from './checker.js';
import { declares, described, type Last, letGo, type Ran, typesBy, untyped } from './described.js';
import { EarlierCells } from './earlier.js';
import { isAlias } from './imports.js';
import { lookAt, moved, NONE, namesOf, outlineOf, typesAmong } from './look.js';
import type { RestartingChecker } from './restarting.js';

/** A cell that was checked. */
export interface CheckedCell {
  /** What it declares; undefined if it is no program. */
  outline: Outline | undefined;
  findings: Finding[];
  /** Of what it imports, the names that have no value. */
  types: ReadonlySet<string>;
  style: Style;
}

/**
 * Checks cells, each with what the earlier ones declared. All that is known of these is kept here, so that another
 * process can go on where one has ended.
 */
export class CellChecker {
  private readonly earlier = new EarlierCells();
  private last: Last | undefined;
  private ran: Ran | undefined;

  constructor(private readonly process: RestartingChecker) {}

  /** Whether no cell has declared anything yet. */
  get isFresh(): boolean {
    this.describe();
    return this.earlier.isEmpty;
  }

  /** @throws CheckerLost if the process has gone; the next call starts another one */
  check(code: string): CheckedCell {
    this.describe();
    this.forget();
    const plan = outlineOf(code);
    const own = namesOf(plan);
    const needed = this.earlier.for(code, own);
    let look = this.process.call((checker) => lookAt(checker, needed, code, plan));
    const all = look.findings.length > 0 ? this.earlier.all(own) : needed;
    if (all !== needed) {
      look.checked.dispose();
      // "Did you mean" takes its proposals from all names.
      look = this.process.call((checker) => lookAt(checker, all, code, plan));
    }
    const { findings } = look;
    const types = findings.length === 0 ? this.process.call(() => typesAmong(look)) : NONE;
    this.last = { ...look, types };
    return { outline: plan, findings, types, style: look.checked.style };
  }

  /** The cell that was checked last has run: what it declares is there, but for the values that are `missing`. It is to be described. */
  declare(missing: ReadonlySet<string>): void {
    if (this.last) this.ran = { ...this.last, missing };
    this.last = undefined;
  }

  /** Finds out the types of what was declared, and lets go of the cell: for this nobody waits until the next cell is there. */
  describe(): void {
    const { ran } = this;
    if (!ran || this.process.isClosed) return;
    this.ran = undefined; // what fails now would fail at every later cell, too
    if (!declares(ran)) {
      letGo(ran);
      return;
    }
    try {
      this.process.call(() => this.remember(ran, ran.checked));
    } catch (error) {
      if (!isGone(error)) throw error;
      this.describeAnew(ran);
    }
  }

  /** Asks another process. What ends that one, too, is `any` to later cells: it has its name and its value all the same. */
  private describeAnew(ran: Ran): void {
    try {
      this.process.call((checker) => this.remember(ran, checker.check(ran.text)));
    } catch (error) {
      if (!isGone(error)) throw error;
      this.earlier.add(described(ran, untyped), ran.missing);
    }
  }

  complete(code: string, place: number): Completion[] {
    const all = this.ask(code, (checked, above) => checked.complete(place + above));
    return all.filter(({ name }) => !isAlias(name));
  }

  inspect(code: string, place: number): Description | undefined {
    return this.ask(code, (checked, above) => checked.describe(place + above));
  }

  /** What keeps the code from being a program. */
  syntax(code: string): Finding[] {
    return this.ask(code, (checked, above) =>
      checked.syntax(above).map((finding) => moved(finding, above)),
    );
  }

  private ask<T>(code: string, question: (checked: Checked, above: number) => T): T {
    this.describe();
    const above = this.earlier.all(namesOf(outlineOf(code)));
    return this.process.call((checker) => {
      const checked = checker.check(above + code);
      const answer = question(checked, above.length);
      checked.dispose();
      return answer;
    });
  }

  /** Describes the cell that was checked last, and forgets it: what does so is loaded, and has run, when a cell needs it. */
  rehearse(): void {
    const { last } = this;
    if (last) this.process.call(() => described(last, typesBy(last, last.checked)));
    this.forget();
  }

  private remember(ran: Ran, checked: Checked): void {
    this.earlier.add(described(ran, typesBy(ran, checked)), ran.missing);
    checked.dispose();
  }

  /** What did not come to run declares nothing. */
  private forget(): void {
    const { last } = this;
    this.last = undefined;
    if (last) this.process.call(() => last.checked.dispose());
  }
}
