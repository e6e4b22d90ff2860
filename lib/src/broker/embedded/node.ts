import { closeSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '../../errors.js';
import { boundLog, errorLines, openLog, readLog } from '../../log.js';
import { installed } from '../../paths.js';
import { privateFolder } from '../../private.js';
import { writeWhole } from '../../processes/files.js';
import { type Guarded, spawnGuarded } from '../../processes/guarded.js';
import { retentionBytes } from '../config/retention-bytes.js';
import { askMetadata, coordinatorIsReady } from '../wire/requests.js';
import { causeOfEnd } from './cause.js';
import { type ClassSource, javaArguments, javaEnvironment } from './java.js';
import { type Ports, propertiesText, serverSettings } from './settings.js';

/** One node of a cluster, on a data folder that is formatted. Several make a cluster when each names all as voters. */
export interface NodeOptions {
  /** Holds server.properties, tmp/ and log/, the log folder in Kafka's sense. */
  dir: string;
  nodeId: number;
  clusterId: string;
  ports: Ports;
  voters: readonly { nodeId: number; controllerPort: number }[];
  logFile: string;
  source: ClassSource;
  /** How long it may take to answer, in ms. */
  limit: number;
  niceness?: number;
  signal?: AbortSignal | undefined;
  /** Called as soon as the process exists, long before it answers. */
  onSpawn?: ((node: Guarded) => void) | undefined;
}

/** A port that was free when it was chosen is not any more: choose again. */
export class PortTaken extends Error {}

/**
 * Starts one combined node and waits until it answers for its metadata and its groups.
 * @throws PortTaken, LabError BROKER_FAILED, TIMED_OUT, INTERRUPTED; nothing of it is left then
 */
export async function startNode(options: NodeOptions): Promise<Guarded> {
  const { node, from } = await spawnNode(options);
  try {
    options.onSpawn?.(node);
    await untilAnswers(node, options, from);
    return node;
  } catch (error) {
    node.kill('SIGKILL');
    await node.exited;
    throw error;
  }
}

async function spawnNode(options: NodeOptions): Promise<{ node: Guarded; from: number }> {
  const { java, jars } = installed();
  const { dir, source, logFile, niceness = 0 } = options;
  const tmp = join(dir, 'tmp');
  privateFolder(tmp);
  const properties = join(dir, 'server.properties');
  // Relative to the working folder: a comma in the folder's name would make two folders of it.
  const settings = serverSettings({
    ...options,
    logDir: 'log',
    retentionBytes: retentionBytes(),
  });
  writeWhole(properties, propertiesText(settings));
  const main = ['kafka.Kafka', properties];
  const { file, from } = openLog(logFile);
  try {
    const start = from + startLine(file, options);
    const command = [
      java,
      ...javaArguments({ jars }, source, { main, tmp, logs: dirname(logFile) }),
    ];
    const node = await spawnGuarded(command, {
      cwd: dir,
      env: javaEnvironment(),
      output: file,
      niceness,
    });
    void node.exited.then(boundLog(logFile));
    return { node, from: start };
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

/** Kafka itself logs what is wrong only. Returns the bytes written, in front of which nothing is Kafka's. */
function startLine(file: number, { nodeId, ports, source }: NodeOptions): number {
  const where = `127.0.0.1:${ports.broker}, controller on ${ports.controller}`;
  const line = `${new Date().toISOString()} Starting node ${nodeId} on ${where}, classes from ${source.kind}\n`;
  return writeSync(file, line);
}

async function untilAnswers(node: Guarded, options: NodeOptions, from: number): Promise<void> {
  const { ports, nodeId, clusterId, limit, signal } = options;
  const deadline = performance.now() + limit;
  let ended = false;
  void node.exited.then(() => (ended = true));
  for (;;) {
    const answer = await askMetadata(ports.broker);
    const isOurs = answer?.clusterId === clusterId && answer.nodeIds.includes(nodeId);
    if (isOurs && (await coordinatorIsReady(ports.broker))) return;
    if (ended) throw await failure(node, options, from);
    if (signal?.aborted)
      throw new LabError('INTERRUPTED', { what: 'Starting Kafka was interrupted.' });
    if (performance.now() > deadline) throw tooLate(options, from);
    await sleep(10);
  }
}

async function failure(node: Guarded, { logFile, dir }: NodeOptions, from: number): Promise<Error> {
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

function tooLate({ limit, logFile }: NodeOptions, from: number): LabError {
  return new LabError('TIMED_OUT', {
    what: `Kafka did not answer within ${Math.round(limit / 1000)} s of its start.`,
    why: `Its log, ${logFile}, ends with: ${errorLines(readLog(logFile, from)) || '(nothing)'}`,
    fix: 'If this machine is very busy, try again when it is less so.',
  });
}
