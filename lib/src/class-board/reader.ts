import type { Admin } from 'kafkajs';
import { lessonContents } from '../lessons/index.js';
import type { Broker, Brokers } from '../requests/brokers.js';
import { type LogRange, logRanges } from '../requests/offsets.js';
import { type ClassLearner, type LearnersPrediction, Told } from './board.js';
import { readNewest } from './read-newest.js';
import { parseRecord } from './records.js';
import { classLearnerOf } from './topic.js';

/** More learners than a board shows; what a Kafka has beyond is left out. */
const MOST_LEARNERS = 500;
const AT_ONCE = 10;
/** learner-2 comes before learner-10. */
const BY_NAME = new Intl.Collator('en', { numeric: true }).compare;

interface Topic {
  told: Told;
  /** How far its log is read. */
  read: number;
}

/** Reads what the learners of a class share, as far as whoever reads may see it. Without a group: nobody is rebalanced by it. */
export class ClassReader {
  readonly #topics = new Map<string, Topic>();
  /** The names of the lessons, in their order: no others are looked at. */
  readonly course = lessonContents().map(({ name }) => name);
  readonly #known = new Set(this.course);

  constructor(
    private readonly admin: Admin,
    private readonly brokers: Brokers,
  ) {}

  /** All who share something, by their names. */
  get learners(): ClassLearner[] {
    return this.#told().map(({ learner }) => learner);
  }

  get predictions(): LearnersPrediction[] {
    return this.#told().flatMap(({ predictions }) => predictions);
  }

  /** Reads what is new. @throws kafkajs's error if a broker does not answer */
  async look(): Promise<void> {
    const { topics } = await this.admin.fetchTopicMetadata();
    const found = topics.filter(({ name }) => classLearnerOf(name)).slice(0, MOST_LEARNERS);
    const leaders = new Map(found.map(({ name, partitions }) => [name, partitions.slice(0, 1)]));
    const brokers = await this.brokers.all();
    const ranges = await logRanges(brokers, leaders);
    for (const name of this.#topics.keys()) if (!leaders.has(name)) this.#topics.delete(name);
    const due = [...ranges].flatMap(([name, partitions]) => {
      const range = partitions.get(0);
      const broker = brokers.find(({ nodeId }) => nodeId === leaders.get(name)?.[0]?.leader);
      return range && broker ? [() => this.#read(broker, name, range)] : [];
    });
    for (let i = 0; i < due.length; i += AT_ONCE)
      await Promise.all(due.slice(i, i + AT_ONCE).map((read) => read()));
  }

  async #read(broker: Broker, name: string, range: LogRange): Promise<void> {
    const learner = classLearnerOf(name) as string;
    let topic = this.#topics.get(name);
    // A log that ends before what was read is another one: the topic was deleted, and made again.
    if (!topic || topic.read > range.stable)
      topic = { told: new Told(learner, this.#known), read: 0 };
    this.#topics.set(name, topic);
    if (topic.read >= range.stable) return;
    const from = Math.max(topic.read, range.low);
    const { records, next } = await readNewest(broker, { topic: name, from, to: range.stable });
    for (const { key, value } of records) {
      const record = parseRecord(key, value);
      if (record) topic.told.add(record);
    }
    topic.read = next;
  }

  #told(): Told[] {
    const names = [...this.#topics.keys()].sort(BY_NAME);
    return names.map((name) => this.#topics.get(name)!.told);
  }
}
