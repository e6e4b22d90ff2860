import { createInterface } from 'node:readline';
import { messageOf } from '../errors.js';
import { installHost } from '../host.js';
import {
  type ProgramSettings,
  type ServiceSettings,
  settingsFrom,
} from '../lab/service/service-settings.js';
import { endWithParent } from './parent.js';

type Settings = ProgramSettings | ServiceSettings;

/**
 * Runs a process that a notebook has started. Its settings are the first line of its input; "stop" ends it, and so does the end of
 * the input.
 * @param start begins the work, and returns what ends it in an orderly way
 */
export function work<S extends Settings>(
  start: (settings: S) => Promise<() => Promise<void>>,
): void {
  // An interrupt is meant for the cell that waits, not for what works beside it.
  process.on('SIGINT', () => {});
  const never = new AbortController().signal;
  installHost({ display: () => {}, fail: die, onShutdown: () => () => {}, signal: () => never });
  untilStopped(start).catch(die);
}

async function untilStopped<S extends Settings>(
  start: (settings: S) => Promise<() => Promise<void>>,
): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const settings = settingsFrom<S>((await lines.next()).value);
  endWithParent(settings.facts);
  const end = await start(settings);
  await lines.next();
  await end();
  process.exit(0);
}

export function die(error: unknown): never {
  console.error(messageOf(error));
  process.exit(1);
}
