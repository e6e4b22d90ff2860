import { stripVTControlCharacters } from 'node:util';

/** One line of the table. */
export interface Row {
  section: string;
  fault: string;
  runs: number;
  /** What the user read; the reason, if the row was left out. */
  told: string;
  /** What was left of the lab when the time was up. */
  remained: string[];
  /** How the next start went: '' until it was tried. */
  next: string;
  skipped?: boolean;
  /** Why the row failed; set beside what could be seen. */
  failure?: string;
}

/** A fault, and what it does to something that was opened for it. */
export interface Fault<Thing> {
  fault: string;
  /** What the user must have been told: names the thing and, where there is one, the mending command. */
  told: RegExp;
  /** How long something may remain, in ms: 15 s, or 75 s where the lease has its minute. */
  limit?: number;
  /** Why it cannot be tried on this machine. */
  skip?: () => string | undefined;
  /** Does it, and returns what the user was told. */
  run(thing: Thing): Promise<{ told: string; runs?: number }>;
}

export interface Lane<Thing> {
  section: string;
  faults: Fault<Thing>[];
  /** Opens what the faults are done to. It is the "next start" of the fault before. */
  open(): Promise<Thing>;
  /** What remains of it within `limit` ms after a fault. */
  remains(thing: Thing, limit: number): Promise<string[]>;
  /** Closes what was opened once more after the last fault, to see that it could be. */
  close(thing: Thing): Promise<unknown>;
  /** Removes the traces of it all. */
  dispose?(): unknown;
}

/** A declared row, and the promise of its outcome. */
export interface Entry {
  section: string;
  fault: string;
  outcome: Promise<Row>;
}

const only = new RegExp(process.env['FAULTS'] ?? '', 'i');
const waiting: (() => void)[] = [];
const lanes: Promise<void>[] = [];
let free = Number(process.env['FAULTS_AT_ONCE'] ?? 4);

/** Runs the faults of a lane one after the other, beside other lanes. Each row ends when its next start was seen. */
export function declare<Thing>(lane: Lane<Thing>): Entry[] {
  const faults = lane.faults.filter(({ fault }) => only.test(`${lane.section}: ${fault}`));
  const entries = faults.map((fault) => {
    let resolve = (_row: Row) => {};
    const promise = new Promise<Row>((done) => (resolve = done));
    return { fault, promise, resolve };
  });
  if (faults.length > 0) lanes.push(runLane(lane, entries));
  return entries.map(({ fault: { fault }, promise }) => ({
    section: lane.section,
    fault,
    outcome: promise,
  }));
}

/** Resolves when every lane has closed what it opened. */
export async function allClosed(): Promise<void> {
  await Promise.all(lanes);
}

interface Pending<Thing> {
  fault: Fault<Thing>;
  resolve(row: Row): void;
}

async function runLane<Thing>(lane: Lane<Thing>, entries: Pending<Thing>[]): Promise<void> {
  const rows = entries.map(({ fault }) => rowOf(lane, fault));
  if (rows.every(({ skipped }) => skipped)) {
    for (const [i, { resolve }] of entries.entries()) resolve(rows[i]!);
    return;
  }
  if (free > 0) free -= 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  let settle = (_next: string) => {};
  for (const [i, { fault, resolve }] of entries.entries()) {
    const row = rows[i]!;
    if (row.skipped) {
      resolve(row);
      continue;
    }
    const thing = await attempt(lane.open);
    settle(thing.error ?? 'works');
    settle = (next) => resolve({ ...row, next });
    if (thing.error !== undefined) {
      row.failure = `It could not be begun: ${thing.error}`;
      continue;
    }
    await observe(lane, fault, row, thing.value);
  }
  const last = await attempt(lane.open);
  settle(last.error ?? 'works');
  if (last.error === undefined) await attempt(() => lane.close(last.value));
  await attempt(async () => lane.dispose?.());
  const next = waiting.shift();
  if (next) next();
  else free += 1;
}

function rowOf<Thing>({ section }: Lane<Thing>, { fault, skip }: Fault<Thing>): Row {
  const row: Row = { section, fault, runs: 0, told: '', remained: [], next: '' };
  const reason = skip?.();
  return reason ? { ...row, told: reason, skipped: true } : row;
}

async function observe<Thing>(
  lane: Lane<Thing>,
  fault: Fault<Thing>,
  row: Row,
  thing: Thing,
): Promise<void> {
  const done = await attempt(() => fault.run(thing));
  if (done.error !== undefined) row.failure = done.error;
  else Object.assign(row, { runs: 1, ...done.value, told: withoutNoise(done.value.told) });
  if (!fault.told.test(row.told)) row.failure ??= `What was told does not match ${fault.told}`;
  const left = await attempt(() => lane.remains(thing, fault.limit ?? 15_000));
  row.remained = left.error === undefined ? left.value : [left.error];
}

/** Without what npm says of its own, and the last lines of other people's programs. */
function withoutNoise(text: string): string {
  const lines = stripVTControlCharacters(text).split('\n');
  return lines
    .filter((line) => line.trim() && !/^(npm (warn|notice|error) |> |\s*│)/.test(line))
    .join('\n');
}

type Attempt<T> = { value: T; error?: undefined } | { error: string };

async function attempt<T>(action: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await action() };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
