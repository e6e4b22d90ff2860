import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../errors.js';
import { installed } from '../../paths.js';
import { readJson, writeWhole } from '../../processes/files.js';
import type { Exit, Guarded } from '../../processes/guarded.js';
import { usableCache } from './aot.js';
import { withAttempts } from './attempts.js';
import { damaged } from './cause.js';
import { damageOf } from './damage.js';
import { canFormat, clusterIdOf, format, newClusterId } from './format.js';
import { formatByTool } from './format-tool.js';
import { type ClassSource, requireProc } from './java.js';
import { startNode } from './node.js';
import { freePort, isUnused } from './ports.js';
import type { Ports } from './settings.js';

export interface EmbeddedOptions {
  /** Its data and settings; made and formatted if need be. */
  dir: string;
  logFile: string;
  nodeId?: number;
  /** How long it may take to answer, in ms. */
  limit?: number;
  signal?: AbortSignal | undefined;
  onSpawn?: ((node: Guarded) => void) | undefined;
  niceness?: number;
  source?: ClassSource;
  /** Where it is to listen if that port is nobody's; else where it did before, or anywhere. */
  usualPort?: number | undefined;
  choosePorts?: (preferred: Partial<Ports>) => Promise<Ports>;
}

/** A Kafka of one node that answers. */
export interface EmbeddedKafka {
  readonly brokers: string[];
  readonly pid: number;
  readonly version: string;
  readonly exited: Promise<Exit>;
  stop(limit?: number): Promise<Exit>;
}

/**
 * Starts a Kafka of one node on a folder of its own, on the ports it had before where they are free.
 * It ends when this process does.
 * @throws LabError NOT_SET_UP, BROKER_FAILED, TIMED_OUT, INTERRUPTED
 */
export async function startKafka(options: EmbeddedOptions): Promise<EmbeddedKafka> {
  const { kafkaVersion: version } = installed();
  requireProc();
  const { dir, nodeId = 1, choosePorts = freePorts } = options;
  const clusterId = await preparedFolder(dir, nodeId, version);
  rmSync(join(dir, 'tmp'), { recursive: true, force: true }); // native libraries of one that was killed
  const remembered = join(dir, 'ports.json');
  const preferred = await preferredPorts(readJson<Ports>(remembered), options.usualPort);
  return withAttempts(options.source ?? usableCache(), async ({ source, otherPorts }) => {
    const ports = await choosePorts(otherPorts ? {} : preferred);
    const voters = [{ nodeId, controllerPort: ports.controller }];
    const node = await startNode({
      limit: 60_000,
      ...options,
      nodeId,
      clusterId,
      ports,
      voters,
      source,
    });
    writeWhole(remembered, JSON.stringify(ports));
    return running(node, ports, version);
  });
}

function running(node: Guarded, ports: Ports, version: string): EmbeddedKafka {
  const { pid, exited, stop } = node;
  return { brokers: [`127.0.0.1:${ports.broker}`], pid, version, exited, stop };
}

async function preferredPorts(
  remembered: Partial<Ports> = {},
  usual: number | undefined,
): Promise<Partial<Ports>> {
  if (usual === undefined) return remembered;
  if (await isUnused(usual)) return { ...remembered, broker: usual };
  const { broker, ...rest } = remembered;
  return broker === usual ? rest : remembered;
}

async function freePorts(preferred: Partial<Ports>): Promise<Ports> {
  const broker = await freePort(preferred.broker);
  return { broker, controller: await freePort(preferred.controller, [broker]) };
}

/**
 * Formats the folder unless it is, one that was cut off while being formatted too. Returns its cluster's id.
 * @throws LabError BROKER_FAILED if its data is damaged; it is as before then
 */
async function preparedFolder(dir: string, nodeId: number, version: string): Promise<string> {
  const logDir = join(dir, 'log');
  const damage = damageOf(dir);
  if (damage) throw new LabError('BROKER_FAILED', { ...damage, fix: damaged(dir).fix });
  const known = clusterIdOf(logDir);
  if (known) return known;
  const clusterId = newClusterId();
  if (canFormat(version)) format(logDir, { nodeId, clusterId });
  else await formatByTool({ dir, nodeId, clusterId });
  return clusterId;
}
