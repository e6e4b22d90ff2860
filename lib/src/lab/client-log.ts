import { types } from 'node:util';
import type { logCreator as LogCreator, LogEntry } from 'kafkajs';
import { appendLog } from '../log.js';
import { stateDir } from '../paths.js';

/** How long the same line is counted, and not written again. */
const COUNTED_MS = 10_000;
/** So many different lines are counted at a time. */
const MOST_COUNTED = 100;

/** kafkajs's log goes to a file: what a learner has to know becomes a fact or a failure of the cell. */
export const logToFile: LogCreator = () =>
  readableLog((line) => appendLog(stateDir('logs', 'kafkajs.log'), line));

/** Of a client that the lab does not watch, the cell reports what its handlers throw. */
export const logForCells: LogCreator = (level) => {
  const toFile = logToFile(level);
  const toCell = readableLog((line) => process.stderr.write(line));
  return (entry) => {
    toFile(entry);
    const { stack, ...log } = entry.log;
    if (/^(Error when calling each|Crash: )/.test(log.message)) toCell({ ...entry, log });
  };
};

/** kafkajs's log as lines to read, each once: retries repeat it, a client whose broker is gone all day long. */
export function readableLog(write: (line: string) => void): (entry: LogEntry) => void {
  const counted = new Map<string, number>();
  const writeCount = (start: string, line: string) => {
    const again = counted.get(line) ?? 0;
    counted.delete(line);
    if (again > 0) write(`${start} ${line} (${again} more in ${COUNTED_MS / 1000} s)\n`);
  };
  return ({ label, namespace, log }) => {
    const { timestamp, stack, ...rest } = log as LogEntry['log'] & { stack?: unknown };
    const line = `${label} [${namespace}] ${sentence(rest)}`;
    const again = counted.get(line);
    if (again !== undefined) {
      counted.set(line, again + 1);
      return;
    }
    write(`${timestamp} ${line}\n${framesOf(stack)}`);
    if (counted.size >= MOST_COUNTED) return;
    counted.set(line, 0);
    setTimeout(() => writeCount(new Date().toISOString(), line), COUNTED_MS).unref();
  };
}

/** What differs from retry to retry, and what is known: they make two lines of one. */
const LEFT_OUT = new Set(['logger', 'message', 'retryCount', 'retryTime', 'correlationId']);

function sentence(log: Record<string, unknown>): string {
  const details = Object.entries(log)
    .filter(([name, value]) => !LEFT_OUT.has(name) && value !== undefined)
    .map(([name, value]) => `${name} ${text(value)}`);
  const message = oneLine(String(log['message']));
  return details.length === 0 ? message : `${message} (${details.join(', ')})`;
}

function text(value: unknown): string {
  if (types.isNativeError(value)) return oneLine(`${value.name}: ${value.message}`);
  return typeof value === 'string' ? oneLine(value) : JSON.stringify(value);
}

/** An error's message may hold anything that a record did. */
function oneLine(said: string): string {
  return JSON.stringify(said).slice(1, -1).replaceAll('\\"', '"');
}

/** Its first line is the error, which the sentence has. */
function framesOf(stack: unknown): string {
  const frames = String(stack ?? '').match(/^ +at .*$/gm) ?? [];
  return frames.map((frame) => `${frame}\n`).join('');
}
