import type { KafkaRequest } from '../../requests/brokers.js';
import { refusal } from '../errors.js';
import type { Network } from '../network/network.js';
import { findCoordinator } from '../protocol/coordinator.js';
import { type Api, apiVersions, negotiated } from '../protocol/negotiation.js';

/** Where a group's coordinator is, and the version of a request in which it is spoken to. */
interface Found {
  nodeId: number;
  version: number;
}

/** The broker that coordinates a group; it can move to another one. */
export class Coordinator {
  #found: Found | undefined;

  constructor(
    private readonly network: Network,
    private readonly groupId: string,
    private readonly api: Api,
  ) {}

  /**
   * Asks it, and looks for it before if it is not known. One that does not answer is looked for again the next time.
   * @throws ShareGroupError REFUSED, UNSUPPORTED_VERSION; kafkajs's error if it does not answer
   */
  async ask<T>(request: (version: number) => KafkaRequest<T>): Promise<T> {
    try {
      this.#found ??= await this.#find();
      return await this.network.one(this.#found.nodeId, request(this.#found.version));
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** It may have moved. */
  forget(): void {
    this.#found = undefined;
  }

  async #find(): Promise<Found> {
    const answer = await this.network.any(findCoordinator(this.groupId));
    if (answer.error !== 0) throw refusal(`who coordinates ${this.groupId}`, answer);
    const { nodeId } = answer;
    const version = negotiated(this.api, await this.network.one(nodeId, apiVersions()));
    return { nodeId, version };
  }
}
