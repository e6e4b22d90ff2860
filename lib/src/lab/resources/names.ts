import { randomInt } from 'node:crypto';
import { LabError } from '../../errors.js';

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'; // no l, o, 0, 1: names are read aloud and typed

/** The name of one run of a notebook, `05-scaling.k3f`: its topics and groups end with it, and may begin with a learner. */
export interface Run {
  notebook: string;
  id: string;
  /** Kafka's name for what a notebook calls `name`: `orders.05-scaling.k3f`. */
  scoped(name: string): string;
  /** The same run, of a learner whose names begin so: `ann.orders.05-scaling.k3f`. */
  under(prefix: string | undefined): Run;
}

/** Starts a run. @throws LabError BAD_INPUT for a name that Kafka would refuse. */
export function startRun(notebook: string, id: string = randomId(), prefix?: string): Run {
  requireName('notebook', notebook);
  const start = prefix ? `${prefix}.` : '';
  return {
    notebook,
    id,
    scoped: (name) => {
      requireName('topic or group', name);
      return `${start}${name}.${notebook}.${id}`;
    },
    under: (learner) => startRun(notebook, id, learner),
  };
}

const PARTS = /^(?:([\w-]+)\.)?[\w-]+\.([\w-]+\.[a-z2-9]{3})$/;

/** The run that a topic or group belongs to, `05-scaling.k3f`; undefined when it is none of the lab's. */
export function runOf(name: string): string | undefined {
  return PARTS.exec(name)?.[2];
}

/** The learner with whom the name of a topic or group begins; undefined where there is none, or it is none of the lab's. */
export function prefixOf(name: string): string | undefined {
  return PARTS.exec(name)?.[1];
}

function randomId(): string {
  return Array.from({ length: 3 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

export function requireName(kind: string, name: string): void {
  if (/^[\w-]{1,100}$/.test(name)) return;
  throw new LabError('BAD_INPUT', {
    what: `${JSON.stringify(name)} cannot be the name of a ${kind}.`,
    why: 'Kafka allows letters, digits, "_" and "-" here, a hundred at most.',
    fix: 'Choose another name.',
  });
}
