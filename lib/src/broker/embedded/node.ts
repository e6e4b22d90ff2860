import type { Guarded } from '../../processes/guarded.js';
import { askMetadata, coordinatorIsReady } from '../wire/requests.js';
import { type NodeProcess, type Readiness, spawnNode, untilReady } from './spawn-node.js';

export interface NodeOptions extends NodeProcess, Omit<Readiness, 'isReady'> {
  clusterId: string;
  /** Called as soon as the process exists, long before it answers. */
  onSpawn?: ((node: Guarded) => void) | undefined;
}

/**
 * Starts one combined node and waits until it answers for its metadata and its groups.
 * @throws PortTaken, LabError BROKER_FAILED, TIMED_OUT, INTERRUPTED; nothing of it is left then
 */
export async function startNode(options: NodeOptions): Promise<Guarded> {
  const spawned = await spawnNode(options);
  const { node } = spawned;
  try {
    options.onSpawn?.(node);
    await untilReady([spawned], { ...options, isReady: () => answers(options) });
    return node;
  } catch (error) {
    node.kill('SIGKILL');
    await node.exited;
    throw error;
  }
}

async function answers({ ports, nodeId, clusterId }: NodeOptions): Promise<boolean> {
  const answer = await askMetadata(ports.broker);
  const isOurs = answer?.clusterId === clusterId && answer.nodeIds.includes(nodeId);
  return isOurs && coordinatorIsReady(ports.broker);
}
