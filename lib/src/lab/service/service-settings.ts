import { asJson, type ConnectionAsJson, fromJson } from '../../broker/config/address.js';
import type { Connection } from '../../broker/index.js';

/** How a service commits by itself. */
export interface Parts {
  /** What it does first with a record: a crash between the two repeats records, or skips them. */
  first: 'process' | 'commit';
  /** How many records of a batch it commits at a time, 1 or more. */
  every: number;
}

/** How a service passes orders on, as invoices. */
export interface Passing {
  /** The topic that it writes them to. */
  to: string;
  /** How many orders it passes on at a time, and commits behind, 1 or more. */
  every: number;
  /** Both in one transaction, by this id. Without it: one after the other. */
  transactionalId?: string | undefined;
  /** The step after which it stands still, in the part with the order that `standsAt` counts. */
  standsAfter?: 'send' | 'sendOffsets' | 'commit' | undefined;
}

/** A record as a service hands it to the notebook. */
export interface ServiceRecord {
  partition: number;
  offset: number;
  /** Null without one. */
  key: string | null;
  value: string;
}

/** What the process of any service gets when it starts. */
export interface CommonSettings {
  name: string;
  group: string;
  /** The file for its facts. */
  facts: string;
  connection: Connection;
}

/** What the process of a service of the shop gets. Times in milliseconds. */
export interface ServiceSettings extends CommonSettings {
  topic: string;
  latency: number;
  /** Without it that of `lab.quick`, and a longer one for a static member. */
  sessionTimeout?: number | undefined;
  /** Without these kafkajs commits: each batch as a whole, after it. */
  parts?: Parts | undefined;
  /** It passes orders on, and does nothing else with them. */
  passing?: Passing | undefined;
  /** Only with parts, or where it passes orders on. */
  standsAt?: number | undefined;
  /** Whether the notebook does something with each record. */
  handsOver: boolean;
  /** It is a static member by this id. */
  groupInstanceId?: string | undefined;
}

/** What the process of a learner's own program gets. */
export interface ProgramSettings extends CommonSettings {
  /** Its modules by path, the one that starts first: JavaScript for Node's `require`. */
  code: Record<string, string>;
  /** What its function `start` is given, beside the connection. */
  given: Record<string, unknown>;
  standsBefore?: StandsBefore | undefined;
}

/** Before which request a program stands still: the first that commits a bookmark after it has written something. */
export type StandsBefore = 'commit';

/** The settings as the first line of a service's input: secrets, too, so for nothing else. */
export function settingsLine<S extends { connection: Connection }>(settings: S): string {
  return `${JSON.stringify({ ...settings, connection: asJson(settings.connection) })}\n`;
}

export function settingsFrom<S extends { connection: Connection }>(line: string): S {
  const settings = JSON.parse(line) as S & { connection: ConnectionAsJson };
  return { ...settings, connection: fromJson(settings.connection) };
}

/** What a service says to the notebook: a record, to be answered once something was done with it; or that it stands still. */
export type FromService = { record: ServiceRecord } | { stands: true };
