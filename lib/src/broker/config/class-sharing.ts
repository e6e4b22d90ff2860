import { bad, type Environment, environment, spelled } from './environment.js';

const NAME = 'KAFKA_LAB_CLASS';
const CHOICES = ['off', 'on', 'predictions'] as const;

/** What a learner shares with the class: nothing, how far they are, or that and what they predict. */
export type ClassSharing = (typeof CHOICES)[number];

/**
 * KAFKA_LAB_CLASS. Nobody shares anything who has not said so.
 * @throws LabError BAD_INPUT
 */
export function classSharing(env: Environment = environment()): ClassSharing {
  const text = env[NAME]?.trim().toLowerCase() || 'off';
  const choice = CHOICES.find((known) => known === text);
  if (choice) return choice;
  throw bad(
    `${spelled(NAME)} is ${JSON.stringify(text)}, which is none of ${CHOICES.join(', ')}. Nothing is shared.`,
    `export ${NAME}=on`,
  );
}
