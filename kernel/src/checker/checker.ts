import type { Finding } from '../errors/diagnostics.js';
import type { Style } from '../transpile/swc.js';

export type { Finding };

/** The type of what a name stands for. */
export interface TypeOfName {
  /** The signatures of a function that is nothing but one: `(a: string): void`. */
  signatures: string[];
  /** Where there are none: the type as it would be written. */
  text: string;
  /** Of a literal as a constant has it: what is made from it is of the wider type. */
  isFresh: boolean;
}

export interface Completion {
  name: string;
  /** What it is, in one of JupyterLab's words. */
  type: string;
  /** In which order TypeScript would show it. */
  sortText: string;
}

export interface Tag {
  name: string;
  text: string;
}

/** What is known of a name. */
export interface Description {
  signature: string;
  documentation: string;
  tags: Tag[];
}

/** A text that was checked; it can be asked about until it is disposed of. Places are offsets in it. */
export interface Checked {
  /** What the folder's tsconfig.json says about what the text means when it runs. */
  readonly style: Style;
  /**
   * What is wrong in the folder's tsconfig.json; if nothing is, what makes the text no program; if nothing does, what is wrong in it and in the files beside it that it imports.
   * What ends before `from` is not looked at.
   */
  findings(from: number): Finding[];
  /** Whether what comes after `from` is no program, and why. */
  syntax(from: number): Finding[];
  /** Of names that are imported: whether each has a value. */
  areValues(places: readonly number[]): boolean[];
  /** Of names where they are declared. */
  types(places: readonly number[]): TypeOfName[];
  complete(place: number): Completion[];
  describe(place: number): Description | undefined;
  dispose(): void;
}

/**
 * Checks one text after the other, each as if it were a file in the notebook's folder. Every call waits for the process
 * that does it. @throws CheckerLost when that process has gone: from then on always; CheckerFailed when it fails at this one.
 */
export interface Checker {
  check(text: string): Checked;
  /** Whether another one is to answer: this one has read other settings than those of now, or has failed. */
  isOutdated(): boolean;
  close(): void;
}

/** TypeScript failed at what it was asked, and its process was ended. Explains itself, as CheckerLost does. */
export class CheckerFailed extends Error {
  override readonly name = 'CheckerFailed';
  readonly what = 'TypeScript failed while it checked a cell, and its process was ended.';
  readonly fix =
    'Run the cell again: another process starts, which is told all that cells have declared. If that fails, too, the cell meets a fault of TypeScript: write it in another way.';
  readonly why: string;

  /** `said`: what TypeScript said, of which the first line is told; the others are a stack of its own code. */
  constructor(said: string) {
    super();
    this.why = `It said: ${said.split('\n', 1)[0]}.`;
    this.message = [this.what, this.why, this.fix].join(' ');
  }
}

/** Explains itself: what happened, why, and what mends it. */
export class CheckerLost extends Error {
  override readonly name = 'CheckerLost';
  readonly what = 'The process that checks types has ended.';
  readonly fix =
    'Run the cell again: another process starts, which is told all that cells have declared.';

  /** `why`: a sentence on what was noticed of its end. */
  constructor(readonly why: string) {
    super();
    this.message = [this.what, this.why, this.fix].join(' ');
  }
}

/** Whether the process that was asked has ended. Another one may answer. */
export const isGone = (error: unknown) =>
  error instanceof CheckerLost || error instanceof CheckerFailed;
