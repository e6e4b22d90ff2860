import { LabError } from '../../errors.js';
import { host } from '../../host.js';
import type { StandsBefore } from './service-settings.js';

export interface ProgramOptions {
  /** The full name of its group, as `lab.group` gives it. Its consumers in this group are watched. */
  group: string;
  /** What `start` is called with, beside `connection`: whatever JSON can say. */
  given?: Record<string, unknown>;
  /**
   * It stands still, until it is killed, before a request goes out: the first that commits a bookmark after it has written something.
   */
  standsBefore?: StandsBefore;
}

/** The modules of a program, by their paths. @throws LabError BAD_INPUT if no cell or file is that module */
export function codeOf(module: string): Record<string, string> {
  const { program } = host();
  if (!program) {
    throw new LabError('BAD_INPUT', {
      what: `The module ${module} cannot run as a program here.`,
      why: 'Whatever runs these cells cannot hand their code to another process.',
      fix: "Run this notebook on the lab's own kernel: TypeScript (Kafka Lab).",
    });
  }
  const code = program(module);
  if (code) return code;
  throw new LabError('BAD_INPUT', {
    what: `There is no program ${module}.`,
    why: `It would be a cell that begins with /** @module ${module} */, and none has run.`,
    fix: 'Run that cell, and those that it imports, first.',
  });
}
