import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../errors.js';
import { host } from '../../host.js';
import { installed, stateDir } from '../../paths.js';
import { openPrivate, privateFolder, writePrivate } from '../../private.js';
import { type Exit, type Guarded, spawnGuarded } from '../../processes/guarded.js';
import { withDeadline } from '../../waiting.js';
import type { Connection } from '../config/address.js';
import { usableCache } from '../embedded/aot.js';
import { javaArguments, javaEnvironment } from '../embedded/java.js';
import { propertiesText } from '../embedded/settings.js';
import { clientProperties, TOKEN_URL } from './client-properties.js';

/** One of Kafka's own command line tools. */
export interface Tool {
  /** As it is called where Kafka is installed: kafka-consumer-groups. */
  name: string;
  className: string;
  args: readonly string[];
}

export interface ToolOptions {
  /** The Kafka that it is to ask; none where it only reads files. */
  connection?: Connection;
  /** In ms. */
  limit?: number;
}

let started = 0;

/**
 * What one of Kafka's own tools prints: a second, and one or two of a processor.
 * @throws LabError NOT_SET_UP, BROKER_FAILED with what the tool printed, TIMED_OUT, INTERRUPTED
 */
export async function runTool(
  tool: Tool,
  { connection, limit = 30_000 }: ToolOptions = {},
): Promise<string> {
  const signal = host().signal(); // of the cell that asks
  // So named, the doctor finds it when this process is killed.
  const folder = privateFolder(stateDir('run', `tool-${++started}.${process.pid}.tmp`));
  try {
    const printed = join(folder, 'printed.txt');
    const child = await start(tool, { folder, printed, connection });
    const exit = await ended(child, tool, { limit, signal });
    const text = readFileSync(printed, 'utf8');
    // Some tools say this and end with exit code 0.
    if (exit.code === 0 && !/^Error: /m.test(text)) return text;
    throw failed(tool, text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Call {
  folder: string;
  printed: string;
  connection: Connection | undefined;
}

async function start(tool: Tool, { folder, printed, connection }: Call): Promise<Guarded> {
  const { java, jars } = installed();
  const reach = connection
    ? ['--bootstrap-server', connection.brokers.join(','), '--command-config', '/dev/stdin']
    : [];
  // What Kafka's clients log would stand among the rows.
  const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=off';
  // Kafka's clients read tokens from places alone that are named so.
  const allowed = `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${TOKEN_URL}`;
  const main = [quiet, allowed, tool.className, ...reach, ...tool.args];
  const paths = { main, tmp: folder, logs: stateDir('logs') };
  const settings = connection ? propertiesText(clientProperties(connection)) : '';
  const token = connection?.sasl?.mechanism === 'oauthbearer' ? await connection.sasl.token() : '';
  const [input, more] = [settings, token].map((text) => nameless(text, folder)) as [number, number];
  const output = openPrivate(printed, 'w');
  const command = [java, ...javaArguments({ jars }, usableCache(), paths)];
  const options = { cwd: folder, env: javaEnvironment(), input, output, more };
  return spawnGuarded(command, options).finally(() => [input, output, more].forEach(closeSync));
}

/**
 * What tells how to reach a Kafka, secrets included: a file that is open for the tool alone. It has a name no more, so that no
 * secret stays on the disk, however this process ends.
 */
function nameless(text: string, folder: string): number {
  const path = join(folder, 'secret');
  writePrivate(path, text);
  const file = openSync(path, 'r');
  rmSync(path);
  return file;
}

async function ended(
  child: Guarded,
  tool: Tool,
  { limit, signal }: { limit: number; signal: AbortSignal },
): Promise<Exit> {
  try {
    return await withDeadline(child.exited, {
      ms: limit,
      late: () => {
        throw tooLate(tool, limit);
      },
      signal,
      aborted: (cause) => {
        throw new LabError('INTERRUPTED', { what: `${tool.name} was interrupted.`, cause });
      },
    });
  } finally {
    await child.stop(0);
  }
}

function tooLate({ name }: Tool, limit: number): LabError {
  return new LabError('TIMED_OUT', {
    what: `Kafka's own ${name} has not answered within ${limit / 1000} s.`,
    fix: 'Run the cell again; if that does not help, run: npx --no kafka-lab doctor',
  });
}

function failed({ name }: Tool, text: string): LabError {
  return new LabError('BROKER_FAILED', {
    what: `Kafka's own ${name} failed.`,
    why: text.trim().slice(-500),
    fix: 'Run: npx --no kafka-lab doctor',
  });
}
