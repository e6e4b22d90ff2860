import { randomInt } from 'node:crypto';
import { LabError } from '../errors.js';

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'; // no l, o, 0, 1: names are read aloud and typed

/** The name of one run of a notebook, `05-scaling.k3f`: its topics and groups end with it. */
export interface Run {
  notebook: string;
  id: string;
  /** Kafka's name for what a notebook calls `name`: `orders.05-scaling.k3f`. */
  scoped(name: string): string;
}

/** Starts a run. @throws LabError BAD_INPUT for a name that Kafka would refuse. */
export function startRun(notebook: string, id: string = randomId()): Run {
  requireName('notebook', notebook);
  return {
    notebook,
    id,
    scoped: (name) => {
      requireName('topic or group', name);
      return `${name}.${notebook}.${id}`;
    },
  };
}

/** The run that a topic or group belongs to, `05-scaling.k3f`; undefined when it is none of the lab's. */
export function runOf(name: string): string | undefined {
  return /^[\w-]+\.([\w-]+\.[a-z2-9]{3})$/.exec(name)?.[1];
}

function randomId(): string {
  return Array.from({ length: 3 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

export function requireName(kind: string, name: string): void {
  if (/^[\w-]{1,100}$/.test(name)) return;
  throw new LabError('BAD_INPUT', {
    what: `${JSON.stringify(name)} cannot be the name of a ${kind}.`,
    why: 'Kafka takes letters, digits, "_" and "-" here, a hundred at most.',
    fix: 'Choose another name.',
  });
}
