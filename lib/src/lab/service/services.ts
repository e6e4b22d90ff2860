import { join } from 'node:path';
import type { Connection } from '../../broker/index.js';
import type { Ledger } from '../../ledger/index.js';
import { stateDir } from '../../paths.js';
import { privateFolder } from '../../private.js';
import { type Run, requireName } from '../resources/names.js';
import { Service } from './service.js';
import { requireOptions, type ServiceOptions } from './service-options.js';

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
    requireOptions(options);
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

  private spawn(name: string, options: ServiceOptions): Service {
    const { group, topic, latency = 0, first, every = 1, standsAt, work } = options;
    const { groupInstanceId, to, transactionalId, standsAfter } = options;
    const { notebook, id } = this.run;
    const facts = stateDir(
      'services',
      `${name}.${notebook}.${id}.${process.pid}.${++this.started}.jsonl`,
    );
    privateFolder(stateDir('services'));
    const { connection } = this;
    const parts = first && { first, every };
    const passing = to && { to: to.name, every, transactionalId, standsAfter };
    const how = {
      latency,
      parts,
      passing,
      standsAt,
      handsOver: work !== undefined,
      groupInstanceId,
    };
    const settings = { name, group, topic: topic.name, ...how, facts, connection };
    const log = join(stateDir('logs'), `${name}.${notebook}.log`);
    return new Service(settings, this.ledger, { log, work });
  }
}
