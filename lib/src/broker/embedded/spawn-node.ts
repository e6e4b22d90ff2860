import { closeSync, existsSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '../../errors.js';
import { boundLog, errorLines, openLog, readLog } from '../../log.js';
import { installed } from '../../paths.js';
import { privateFolder } from '../../private.js';
import { writeWhole } from '../../processes/files.js';
import { type Guarded, spawnGuarded } from '../../processes/guarded.js';
import { retentionBytes } from '../config/retention-bytes.js';
import { causeOfEnd } from './cause.js';
import { type ClassSource, javaArguments, javaEnvironment } from './java.js';
import { type NodeSettings, propertiesText, serverSettings } from './settings.js';

/** One node of a cluster, on a data folder that is formatted. Relative to that, its log folder is `log`. */
export interface NodeProcess extends Omit<NodeSettings, 'logDir' | 'retentionBytes' | 'wasKilled'> {
  /** Holds server.properties, tmp/ and log/, the log folder in Kafka's sense. */
  dir: string;
  logFile: string;
  source: ClassSource;
  niceness?: number;
  /** Settings beside those of every node. */
  settings?: Record<string, string>;
}

/** The process of a node that may still be starting. */
export interface SpawnedNode {
  readonly node: Guarded;
  readonly dir: string;
  readonly logFile: string;
  /** Where in the log that begins which Kafka has written. */
  readonly from: number;
}

/** A port that was free when it was chosen is not any more: choose again. */
export class PortTaken extends Error {}

/** @throws LabError NOT_SET_UP, BROKER_FAILED */
export async function spawnNode(options: NodeProcess): Promise<SpawnedNode> {
  const { dir, logFile, niceness = 0 } = options;
  privateFolder(join(dir, 'tmp'));
  // Relative to the working folder: a comma in the folder's name would make two folders of it.
  const settings = serverSettings({
    ...options,
    logDir: 'log',
    retentionBytes: retentionBytes(),
    wasKilled: wasKilled(join(dir, 'log')),
  });
  writeWhole(propertiesOf(dir), propertiesText({ ...settings, ...options.settings }));
  const { file, from } = openLog(logFile);
  try {
    const start = from + startLine(file, options);
    const how = { cwd: dir, env: javaEnvironment(), output: file, niceness };
    const node = await spawnGuarded(commandOf(options), how);
    void node.exited.then(boundLog(logFile));
    return { node, dir, logFile, from: start };
  } catch (cause) {
    throw new LabError('BROKER_FAILED', {
      what: 'Kafka could not be started.',
      why: String(cause),
      cause,
    });
  } finally {
    closeSync(file);
  }
}

/** Kafka writes the first file as soon as it runs, the second when it ends in order, and removes that at its next start. */
const wasKilled = (logDir: string) =>
  existsSync(join(logDir, 'recovery-point-offset-checkpoint')) &&
  !existsSync(join(logDir, '.kafka_cleanshutdown'));

const propertiesOf = (dir: string) => join(dir, 'server.properties');

function commandOf({ dir, logFile, source }: NodeProcess): string[] {
  const { java, jars } = installed();
  const main = ['kafka.Kafka', propertiesOf(dir)];
  const paths = { main, tmp: join(dir, 'tmp'), logs: dirname(logFile) };
  return [java, ...javaArguments({ jars }, source, paths)];
}

/** Kafka itself logs what is wrong only. Returns the bytes written, in front of which nothing is Kafka's. */
function startLine(file: number, { nodeId, ports, source }: NodeProcess): number {
  const where = `127.0.0.1:${ports.broker}, controller on ${ports.controller}`;
  const line = `${new Date().toISOString()} Starting node ${nodeId} on ${where}, classes from ${source.kind}\n`;
  return writeSync(file, line);
}

export interface Readiness {
  isReady: () => Promise<boolean>;
  /** In ms. */
  limit: number;
  signal?: AbortSignal | undefined;
}

/**
 * Waits until nodes that were started are ready.
 * @throws PortTaken, LabError BROKER_FAILED if one of them ends, TIMED_OUT, INTERRUPTED; they are left to the caller
 */
export async function untilReady(
  nodes: readonly SpawnedNode[],
  { isReady, limit, signal }: Readiness,
): Promise<void> {
  const deadline = performance.now() + limit;
  let ended: SpawnedNode | undefined;
  for (const one of nodes) void one.node.exited.then(() => (ended ??= one));
  for (;;) {
    if (await isReady()) return;
    if (ended) throw await failure(ended);
    if (signal?.aborted)
      throw new LabError('INTERRUPTED', { what: 'Starting Kafka was interrupted.' });
    if (performance.now() > deadline) throw tooLate(nodes, limit);
    await sleep(10);
  }
}

async function failure({ node, logFile, dir, from }: SpawnedNode): Promise<Error> {
  const { code, signal } = await node.exited;
  const log = readLog(logFile, from);
  if (/Address already in use|failed to bind to/i.test(log))
    return new PortTaken(errorLines(log, 1));
  const cause = causeOfEnd(log, dir);
  const end = `Its log, ${logFile}, ends with: ${errorLines(log) || '(nothing)'}`;
  return new LabError('BROKER_FAILED', {
    what: `Kafka ended while it started (${signal ?? `exit code ${code}`}).`,
    why: cause ? `${cause.why} ${end}` : end,
    fix: cause?.fix ?? 'Run: npx --no kafka-lab doctor',
  });
}

function tooLate(nodes: readonly SpawnedNode[], limit: number): LabError {
  const ends = nodes.map(({ logFile, from }) => {
    return `Its log, ${logFile}, ends with: ${errorLines(readLog(logFile, from)) || '(nothing)'}`;
  });
  return new LabError('TIMED_OUT', {
    what: `Kafka did not answer within ${Math.round(limit / 1000)} s of its start.`,
    why: ends.join(' '),
    fix: 'If this machine is very busy, try again when it is less so.',
  });
}
