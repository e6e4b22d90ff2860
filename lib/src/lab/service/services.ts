import { join } from 'node:path';
import type { Connection } from '../../broker/index.js';
import type { Ledger } from '../../ledger/index.js';
import { stateDir } from '../../paths.js';
import { privateFolder } from '../../private.js';
import { PROGRAMS } from '../../programs.js';
import { type Run, requireName } from '../resources/names.js';
import { codeOf, type ProgramOptions } from './program-options.js';
import { Service } from './service.js';
import { requireOptions, type ServiceOptions } from './service-options.js';
import type { CommonSettings } from './service-settings.js';

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
    return this.startOnly(name, () => this.spawn(name, options));
  }

  /** The same with a program of the learner's own. */
  async startProgram(name: string, options: ProgramOptions): Promise<Service> {
    const { group, given = {}, standsBefore } = options;
    const code = codeOf(name);
    return this.startOnly(name, () => {
      const settings = { ...this.common(name, group), code, given, standsBefore };
      return new Service(settings, this.ledger, {
        program: PROGRAMS.ownProgram,
        log: this.log(name),
      });
    });
  }

  /** Stops all of them. Never throws. */
  async close(): Promise<void> {
    await Promise.all([...this.running].map((service) => service.close()));
  }

  private async startOnly(name: string, spawn: () => Service): Promise<Service> {
    await Promise.all(
      [...this.running].filter((other) => other.name === name).map((other) => other.stop()),
    );
    const service = spawn();
    this.running.add(service);
    void service.ended.then(() => this.running.delete(service));
    await service.ready();
    return service;
  }

  private spawn(name: string, options: ServiceOptions): Service {
    const { group, topic, latency = 0, first, every = 1, standsAt, work } = options;
    const { sessionTimeout, groupInstanceId, to, transactionalId, standsAfter } = options;
    const parts = first && { first, every };
    const passing = to && { to: to.name, every, transactionalId, standsAfter };
    const how = {
      latency,
      sessionTimeout,
      parts,
      passing,
      standsAt,
      handsOver: work !== undefined,
      groupInstanceId,
    };
    const settings = { ...this.common(name, group), topic: topic.name, ...how };
    return new Service(settings, this.ledger, {
      program: PROGRAMS.shopService,
      log: this.log(name),
      work,
    });
  }

  private common(name: string, group: string): CommonSettings {
    const { notebook, id } = this.run;
    const file = `${name}.${notebook}.${id}.${process.pid}.${++this.started}.jsonl`;
    privateFolder(stateDir('services'));
    return { name, group, facts: stateDir('services', file), connection: this.connection };
  }

  private log(name: string): string {
    return join(stateDir('logs'), `${name}.${this.run.notebook}.log`);
  }
}
