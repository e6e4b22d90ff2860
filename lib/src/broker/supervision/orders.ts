import { LabError } from '../../errors.js';
import { withDeadline } from '../../waiting.js';
import type { BrokerAction } from '../cluster/cluster-broker.js';
import { errorOf, type Order, type Reply } from './protocol.js';

/** In ms: longer than anything that a supervisor does for an order may take. */
const LIMIT = 60_000;

type Answer = Extract<Reply, { say: 'done' | 'refused' }>;

/** What a holder wants to be done to the brokers of its cluster, until the supervisor says that it is. */
export class Orders {
  readonly #waiting = new Map<number, { done(): void; refused(error: LabError): void }>();
  #next = 1;
  /** Why none can be given any more. */
  #over: LabError | undefined;

  constructor(private readonly send: (order: Order) => void) {}

  /** @throws LabError as the supervisor says, TIMED_OUT after 60 s, INTERRUPTED */
  async give(broker: number, action: BrokerAction, signal?: AbortSignal): Promise<void> {
    if (this.#over) throw this.#over;
    const id = this.#next++;
    const answered = new Promise<void>((resolve, reject) => {
      this.#waiting.set(id, { done: resolve, refused: reject });
    });
    this.send({ ask: 'act', id, broker, action });
    const late = () => {
      throw unanswered(broker, action);
    };
    const aborted = () => {
      throw new LabError('INTERRUPTED', { what: `Waiting for broker ${broker} was interrupted.` });
    };
    const limits = { ms: LIMIT, late, signal, aborted };
    await withDeadline(answered, limits).finally(() => this.#waiting.delete(id));
  }

  answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (answer.say === 'done') waiting?.done();
    else waiting?.refused(errorOf(answer));
  }

  /** The supervisor hears nothing any more. */
  end(error: LabError): void {
    this.#over ??= error;
    for (const { refused } of this.#waiting.values()) refused(error);
  }
}

function unanswered(broker: number, action: BrokerAction): LabError {
  return new LabError('TIMED_OUT', {
    what: `Broker ${broker}: waited ${LIMIT / 1000} s for the lab's supervisor to ${action} it.`,
    why: 'The supervisor is stopped, or it hangs.',
    fix: 'Run the notebook again from the top.',
  });
}
