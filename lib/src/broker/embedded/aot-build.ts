import { chmodSync, closeSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog } from '../../log.js';
import { isForReading } from '../../own-folders.js';
import { installed } from '../../paths.js';
import { privateFolder } from '../../private.js';
import { type Guarded, spawnGuarded } from '../../processes/guarded.js';
import { takeLock } from '../../processes/lock.js';
import { unlessAborted, withDeadline } from '../../waiting.js';
import { cachePath } from './aot.js';
import { startKafka } from './embedded.js';
import { type ClassSource, javaArguments, javaEnvironment } from './java.js';

/** Gives way to everything else that runs. */
const NICENESS = 19;

/** How long each of its steps may take, in ms: 3 s on an idle machine. */
const LIMIT = 120_000;

/** Before it the first minute's own work: JupyterLab, the first kernel. In ms. */
const PATIENCE = 15_000;

/** Makes the cache some time after Kafka has started, if there is none. Never rejects; ends soon after `signal`. */
export async function buildCacheWhenIdle(signal: AbortSignal): Promise<void> {
  try {
    if (existsSync(cachePath()) || isForReading()) return;
    await sleep(PATIENCE, undefined, { signal });
    await buildAotCache({ signal });
  } catch {
    // Kafka starts without it, only slower.
  }
}

/**
 * Makes the cache with which Kafka starts in half the time, by running a Kafka for a moment: 8 s on an idle machine.
 * Returns whether there is one now; false if another process is making it.
 * @throws LabError and what else can go wrong; nothing depends on it
 */
export async function buildAotCache({ signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
  const cache = cachePath();
  if (existsSync(cache)) return true;
  const lock = takeLock(join(dirname(cache), 'aot.lock'));
  if (!lock) return false;
  const dir = join(dirname(cache), 'aot-build');
  try {
    rmSync(dir, { recursive: true, force: true }); // of one that was killed
    privateFolder(dir);
    const configuration = join(dir, 'kafka.aotconf');
    await record({ dir, configuration, signal });
    const made = join(dir, 'kafka.aot');
    await create({ dir, configuration, cache: made, signal });
    for (const name of readdirSync(dirname(cache))) {
      if (/^kafka-.*\.aot$/.test(name)) rmSync(join(dirname(cache), name), { force: true });
    }
    chmodSync(made, 0o644); // it is part of the installation, for all who share that
    renameSync(made, cache);
    return true;
  } finally {
    rmSync(dir, { recursive: true, force: true });
    lock.release();
  }
}

interface Step {
  dir: string;
  configuration: string;
  signal: AbortSignal | undefined;
}

/** Runs a throw-away Kafka and has Java write down, as it ends, which classes it needed. */
async function record({ dir, configuration, signal }: Step): Promise<void> {
  const logFile = join(dir, 'kafka.log');
  const source: ClassSource = { kind: 'record', configuration };
  let node: Guarded | undefined;
  const onSpawn = (spawned: Guarded) => (node = spawned);
  const options = { dir: join(dir, 'kafka'), logFile, source, onSpawn, niceness: NICENESS };
  const kafka = await startKafka({ ...options, limit: LIMIT, signal });
  const stopped = kafka.stop(LIMIT);
  await unlessAborted(stopped, signal, () => node?.kill('SIGKILL'));
  await stopped;
}

async function create({
  dir,
  configuration,
  cache,
  signal,
}: Step & { cache: string }): Promise<void> {
  signal?.throwIfAborted();
  const { java, jars } = installed();
  const { file } = openLog(join(dir, 'create.log'));
  const source: ClassSource = { kind: 'create', configuration, cache };
  const command = [java, ...javaArguments({ jars }, source, { main: [], tmp: dir, logs: dir })];
  const options = { cwd: dir, env: javaEnvironment(), output: file, niceness: NICENESS };
  const maker = await spawnGuarded(command, options).finally(() => closeSync(file));
  const kill = () => maker.kill('SIGKILL');
  await withDeadline(maker.exited, { ms: LIMIT, late: kill, signal, aborted: kill });
  const { code } = await maker.exited;
  if (code !== 0) throw new Error(`Java could not make the cache (exit code ${code}).`);
}
