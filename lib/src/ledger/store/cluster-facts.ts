import type { BrokerFact, ReplicaFact } from './facts.js';

/** An election or a broker that comes and goes takes a second: nobody sees more of them than this. */
const MOST = 10_000;

/** Who led partitions and who was in sync, and what became of brokers: in the order of time, the newest 10,000 of each. */
export class ClusterFacts {
  private readonly replicaFacts: ReplicaFact[] = [];
  private readonly brokerFacts: BrokerFact[] = [];

  take(fact: ReplicaFact | BrokerFact): void {
    if (fact.kind === 'broker') insert(this.brokerFacts, fact);
    else insert(this.replicaFacts, fact);
  }

  /** Of all topics. */
  get allReplicas(): readonly ReplicaFact[] {
    return this.replicaFacts;
  }

  replicas(topic: string): ReplicaFact[] {
    return this.replicaFacts.filter((fact) => fact.topic === topic);
  }

  get brokers(): readonly BrokerFact[] {
    return this.brokerFacts;
  }
}

function insert<T extends { time: number }>(facts: T[], fact: T): void {
  let at = facts.length;
  while (at > 0 && (facts[at - 1] as T).time > fact.time) at--;
  facts.splice(at, 0, fact);
  if (facts.length > MOST) facts.shift();
}
