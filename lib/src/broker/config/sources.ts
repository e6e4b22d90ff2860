import { clientFile } from './client-file.js';
import { type Environment, environment, spelled } from './environment.js';

/** Everything that says where Kafka is and how to come in, under the names of our variables. */
export interface Settings {
  /** Undefined where it is empty, too. */
  value(name: string): string | undefined;
  /** What says it, as a message should name it: the variable, or the setting in a file. */
  source(name: string): string;
  /** The file beneath the variables, if there is one. */
  file: string | undefined;
  /** What stands in that file and changes nothing here. */
  unused: readonly string[];
}

/** Two names of one thing. */
const ADDRESS = ['KAFKA_BOOTSTRAP_SERVERS', 'KAFKA_BROKERS'];

/**
 * Each thing is taken from the first that says it: the variables of this process, `.env`, the file that
 * KAFKA_CLIENT_PROPERTIES names.
 * @throws LabError BAD_INPUT
 */
export function settings(env: Environment = environment()): Settings {
  const file = clientFile(env);
  const isSet = (name: string) => Boolean(env[name]?.trim());
  const beneath = (name: string) => {
    const names = ADDRESS.includes(name) ? ADDRESS : [name];
    return names.some(isSet) ? undefined : file?.given.get(name);
  };
  return {
    value: (name) => (isSet(name) ? env[name] : beneath(name)?.value),
    source: (name) => {
      const given = beneath(name);
      return given ? `${given.property} (in ${file?.path})` : spelled(name);
    },
    file: file?.path,
    unused: file?.unused ?? [],
  };
}

/** What says it now. Never throws: whoever connects tells what is wrong with a file. */
export function sourceOf(name: string): string {
  try {
    return settings().source(name);
  } catch {
    return spelled(name);
  }
}

/** The file beneath the variables, where there is one that can be read. */
export function clientFilePath(): string | undefined {
  try {
    return settings().file;
  } catch {
    return undefined;
  }
}
