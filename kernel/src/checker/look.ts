import { type Outline, outline } from '../transpile/outline.js';
import type { Checked, Checker, Finding } from './checker.js';

/** A cell as TypeScript was given it: with what it needs of earlier ones above it. */
export interface Look {
  outline: Outline | undefined;
  text: string;
  /** Where in the text the cell begins. */
  above: number;
  checked: Checked;
  findings: Finding[];
}

export const NONE: ReadonlySet<string> = new Set();

/** What TypeScript says of a cell, without what it says of that above it. */
export function lookAt(
  checker: Pick<Checker, 'check'>,
  above: string,
  code: string,
  plan: Outline | undefined,
): Look {
  const text = above + code;
  const checked = checker.check(text);
  const findings = checked
    .findings(above.length)
    .map((finding) => (finding.file ? finding : moved(finding, above.length)));
  return { outline: plan, text, above: above.length, checked, findings };
}

/** Of the names that a cell imports, those that have no value. */
export function typesAmong({ outline, checked, above }: Look): ReadonlySet<string> {
  const names = outline?.statements.flatMap(({ names }) => names) ?? [];
  const imports = names.filter(({ kind }) => kind === 'import');
  if (imports.length === 0) return NONE;
  const values = checked.areValues(imports.map(({ at }) => at + above));
  return new Set(imports.filter((_, index) => !values[index]).map(({ name }) => name));
}

export function outlineOf(code: string): Outline | undefined {
  try {
    return outline(code);
  } catch {
    return undefined; // TypeScript says why
  }
}

export function namesOf(plan: Outline | undefined): ReadonlySet<string> {
  return new Set(plan?.statements.flatMap(({ names }) => names.map(({ name }) => name)));
}

export function moved({ start, end, ...rest }: Finding, by: number): Finding {
  return { ...rest, start: start - by, end: end - by };
}
