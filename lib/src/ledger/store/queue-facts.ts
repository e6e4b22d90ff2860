import type { QueueFact } from './facts.js';

/** A queue is there for contrast: its lessons have a few dozen messages. */
const MOST = 10_000;

/** What consumers of queues did: in the order of time, the newest 10,000 facts. */
export class QueueFacts {
  private readonly facts: QueueFact[] = [];

  take(fact: QueueFact): void {
    let at = this.facts.length;
    while (at > 0 && (this.facts[at - 1] as QueueFact).time > fact.time) at--;
    this.facts.splice(at, 0, fact);
    if (this.facts.length > MOST) this.facts.shift();
  }

  of(queue: string): QueueFact[] {
    return this.facts.filter((fact) => fact.queue === queue);
  }

  get all(): readonly QueueFact[] {
    return this.facts;
  }

  /** Whether there was more than is kept: deliveries are numbered from 1 on. */
  get isCut(): boolean {
    const first = this.facts.find(({ delivery }) => delivery !== undefined);
    return first !== undefined && (first.delivery !== 1 || first.event !== 'delivered');
  }
}
