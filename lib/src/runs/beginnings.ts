import {
  type Beginning,
  type Begun,
  type Content,
  Experiment,
  type Ledger,
} from '../ledger/index.js';

/** Where the experiment of a run begins, if it is that of one. */
export class Beginnings {
  private begun: Begun | undefined;

  /** Takes what contents tell of it. */
  *leftOut(contents: Iterable<Content>): Generator<Exclude<Content, Beginning>> {
    for (const content of contents) {
      if (content.kind === 'experiment')
        this.begun = { time: content.time, ends: new Map(), refused: new Map() };
      else if (content.kind === 'from') put(this.begun?.ends, content, content.offset);
      else if (content.kind === 'refused before') put(this.begun?.refused, content, content.count);
      else yield content;
    }
  }

  of(whole: Ledger): Ledger {
    return this.begun ? new Experiment(whole, this.begun) : whole;
  }
}

function put(
  byTopic: Map<string, Map<number, number>> | undefined,
  { topic, partition }: { topic: string; partition: number },
  what: number,
): void {
  byTopic?.set(topic, (byTopic.get(topic) ?? new Map()).set(partition, what));
}
