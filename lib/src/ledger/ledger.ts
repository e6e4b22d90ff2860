import { RecordColumns } from './columns.js';
import type {
  BatchFact,
  CommitFact,
  Fact,
  MemberFact,
  RecordFact,
  Recorder,
  RecordKind,
} from './facts.js';

/** Which facts: all of a group, of a topic, of a member; none given means all. */
export interface Scope {
  group?: string;
  topic?: string;
  member?: string;
}

/**
 * What happened. The one source of charts, checks and predictions:
 * nothing here comes from what the code intended.
 */
export class Ledger implements Recorder {
  private readonly columns = new RecordColumns();
  private readonly memberFacts: MemberFact[] = [];
  private readonly commitFacts: CommitFact[] = [];
  private readonly batchFacts: BatchFact[] = [];
  private readonly listeners = new Set<() => void>();
  private counted = 0;

  /** Grows by one with every fact: two equal versions mean that nothing happened in between. */
  get version(): number {
    return this.counted;
  }

  record(fact: Fact): void {
    if (isRecordFact(fact)) this.columns.add(fact);
    else if (fact.kind === 'committed') insert(this.commitFacts, fact);
    else if (fact.kind === 'fetched') insert(this.batchFacts, fact);
    else insert(this.memberFacts, fact);
    this.counted++;
    for (const listener of this.listeners) listener();
  }

  /** Calls `listener` after every fact. Returns how to stop that. */
  onFact(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The facts about records of one kind, oldest first. */
  records(kind: RecordKind, scope: Scope = {}): RecordFact[] {
    const found: RecordFact[] = [];
    let isOrdered = true;
    for (let i = 0; i < this.columns.length; i++) {
      const fact = this.columns.at(i);
      if (fact.kind !== kind || !within(scope, fact)) continue;
      isOrdered &&= fact.time >= (found.at(-1)?.time ?? fact.time);
      found.push(fact);
    }
    return isOrdered ? found : found.sort((a, b) => a.time - b.time);
  }

  /** The facts about members, oldest first. */
  members(scope: Scope = {}): MemberFact[] {
    const { topic: _, ...rest } = scope;
    return this.memberFacts.filter((fact) => within(rest, fact));
  }

  /** The commits, oldest first. */
  commits(scope: Scope = {}): CommitFact[] {
    return this.commitFacts.filter((fact) => within(scope, fact));
  }

  /** The batches that consumers were handed, oldest first. */
  batches(scope: Scope = {}): BatchFact[] {
    return this.batchFacts.filter((fact) => within(scope, fact));
  }
}

/** Processes tell their facts with a delay of their own, so that a fact may come late: it goes where its time is. */
function insert<T extends Fact>(facts: T[], fact: T): void {
  let at = facts.length;
  while (at > 0 && (facts[at - 1] as T).time > fact.time) at--;
  facts.splice(at, 0, fact);
}

function isRecordFact(fact: Fact): fact is RecordFact {
  return 'key' in fact;
}

function within(scope: Scope, fact: Scope): boolean {
  return (
    (scope.group === undefined || scope.group === fact.group) &&
    (scope.topic === undefined || scope.topic === fact.topic) &&
    (scope.member === undefined || scope.member === fact.member)
  );
}
