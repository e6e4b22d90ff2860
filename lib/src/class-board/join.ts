import { Kafka, type logCreator as LogCreator } from 'kafkajs';
import { type ClassSharing, classSharing } from '../broker/config/class-sharing.js';
import { namePrefix } from '../broker/config/prefix.js';
import type { Connection } from '../broker/index.js';
import { host } from '../host.js';
import { isKept, isLesson } from '../lessons/index.js';
import { shareWithClass } from './share.js';

/** Nobody waits for it: it may try for a while, and says in the log why it could not. */
const PATIENT = { connectionTimeout: 3000, requestTimeout: 5000, retry: { retries: 2 } };

/**
 * Shares with the class how far a learner is, if the learner has agreed to that, and says so in the cell. Never fails. Returns how to
 * end it.
 * @param connection to the Kafka that the class uses; undefined where the notebook uses none of others
 */
export function joinClass(
  lesson: string,
  connection: Connection | undefined,
  logCreator: LogCreator,
): () => Promise<void> {
  const nothing = async () => {};
  const sharing = sharingOf(lesson);
  if (sharing === 'off' || !connection) return nothing;
  const prefix = classPrefix();
  if (prefix === undefined) return nothing;
  host().display({ 'text/plain': notice(sharing) });
  const kafka = new Kafka({ clientId: 'lab-class', ...connection, ...PATIENT, logCreator });
  return shareWithClass({ kafka, prefix, lesson, predictions: sharing === 'predictions' });
}

/** Where the setting cannot be read, the doctor tells of it, and so does the cell. */
function sharingOf(lesson: string): ClassSharing {
  if (!isLesson(lesson) || !isKept()) return 'off';
  try {
    return classSharing();
  } catch {
    return 'off';
  }
}

/** On the lab's own Kafka, too, it is a learner's. */
function classPrefix(): string | undefined {
  try {
    return namePrefix('embedded') ?? namePrefix('address');
  } catch {
    return undefined; // whoever opened the lab was told
  }
}

function notice(sharing: 'on' | 'predictions'): string {
  const [also, not] =
    sharing === 'on'
      ? ['', 'your code, your answers or your predictions']
      : [', and what you predict', 'your code or your answers'];
  return [
    `The class board shows how far you are: the lesson, checks passed, exercises solved, and when${also}.`,
    `It does not show ${not}. KAFKA_LAB_CLASS=${sharing} says so; without it, nothing is shared.`,
  ].join('\n');
}
