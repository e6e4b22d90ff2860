import { join } from 'node:path';
import type { Connection } from '../../broker/index.js';
import { LabError } from '../../errors.js';
import type { Ledger } from '../../ledger/index.js';
import { stateDir } from '../../paths.js';
import { privateFolder } from '../../private.js';
import { type Run, requireName } from '../resources/names.js';
import type { Topic } from '../resources/topics.js';
import { Service } from './service.js';

export interface ServiceOptions {
  /** The full name of its group, as `lab.group` gives it. */
  group: string;
  /** The topic with its orders. */
  topic: Topic;
  /** How long its label printer, or mail server, takes for an order: milliseconds. One order at a time. */
  latency: number;
}

/** The services of one run: none outlives it. */
export class Services {
  private readonly running = new Set<Service>();
  private started = 0;

  constructor(
    private readonly run: Run,
    private readonly connection: Connection,
    private readonly ledger: Ledger,
  ) {}

  /** Starts a service, after stopping the one that has its name; resolves when it has joined its group. */
  async start(name: string, options: ServiceOptions): Promise<Service> {
    requireName('service', name);
    requireLatency(options.latency);
    await Promise.all(
      [...this.running].filter((other) => other.name === name).map((other) => other.stop()),
    );
    const service = this.spawn(name, options);
    this.running.add(service);
    void service.ended.then(() => this.running.delete(service));
    await service.ready();
    return service;
  }

  /** Stops all of them. Never throws. */
  async close(): Promise<void> {
    await Promise.all([...this.running].map((service) => service.stop()));
  }

  private spawn(name: string, { group, topic, latency }: ServiceOptions): Service {
    const { notebook, id } = this.run;
    const facts = stateDir(
      'services',
      `${name}.${notebook}.${id}.${process.pid}.${++this.started}.jsonl`,
    );
    privateFolder(stateDir('services'));
    const { connection } = this;
    const settings = { name, group, topic: topic.name, latency, facts, connection };
    return new Service(settings, this.ledger, join(stateDir('logs'), `${name}.${notebook}.log`));
  }
}

function requireLatency(latency: number): void {
  if (Number.isFinite(latency) && latency >= 0) return;
  throw new LabError('BAD_INPUT', {
    what: `The latency of a service cannot be ${latency}.`,
    why: 'It is a time in milliseconds, 0 or more.',
    fix: 'Give a number, such as { latency: 60 }.',
  });
}
