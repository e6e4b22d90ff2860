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

/** Faults that are tried one after the other on the same kind of thing, beside other series. */
export interface Series<Thing> {
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
const queue: (() => void)[] = [];
const running: Promise<void>[] = [];
let free = Number(process.env['FAULTS_AT_ONCE'] ?? 4);

/** Tries the faults of a series. Each row ends when its next start was seen. */
export function declare<Thing>(series: Series<Thing>): Entry[] {
  const faults = series.faults.filter(({ fault }) => only.test(`${series.section}: ${fault}`));
  const entries = faults.map((fault) => {
    let resolve = (_row: Row) => {};
    const promise = new Promise<Row>((done) => (resolve = done));
    return { fault, promise, resolve };
  });
  running.push(faults.length > 0 ? whenFree(() => tryAll(series, entries)) : disposeOf(series));
  return entries.map(({ fault: { fault }, promise }) => ({
    section: series.section,
    fault,
    outcome: promise,
  }));
}

/** Resolves when every series has closed what it opened. */
export async function allClosed(): Promise<void> {
  await Promise.all(running);
}

/** Of a series of which nothing is to be tried. */
async function disposeOf<Thing>({ dispose }: Series<Thing>): Promise<void> {
  await dispose?.();
}

interface Pending<Thing> {
  fault: Fault<Thing>;
  resolve(row: Row): void;
}

/** Runs when fewer than FAULTS_AT_ONCE others do, in the order of the calls. */
async function whenFree(action: () => Promise<void>): Promise<void> {
  if (free > 0) free -= 1;
  else await new Promise<void>((resolve) => queue.push(resolve));
  await action();
  const next = queue.shift();
  if (next) next();
  else free += 1;
}

/** Opens a thing for each fault, and one more after the last: each opening is the next start of the fault before. */
async function tryAll<Thing>(series: Series<Thing>, pending: Pending<Thing>[]): Promise<void> {
  const tried = pending.filter((one) => !isSkipped(series, one));
  if (tried.length === 0) return;
  let settle = (_next: string) => {};
  for (const { fault, resolve } of tried) {
    const row = newRow(series, fault);
    const thing = await attempt(series.open);
    settle(thing.error ?? 'works');
    settle = (next) => resolve({ ...row, next });
    if (thing.error === undefined) await observe(series, fault, row, thing.value);
    else row.failure = `It could not be begun: ${thing.error}`;
  }
  const last = await attempt(series.open);
  settle(last.error ?? 'works');
  if (last.error === undefined) await attempt(() => series.close(last.value));
  await attempt(async () => series.dispose?.());
}

/** Whether the fault cannot be tried on this machine; then its row says why. */
function isSkipped<Thing>(series: Series<Thing>, { fault, resolve }: Pending<Thing>): boolean {
  const reason = fault.skip?.();
  if (reason) resolve({ ...newRow(series, fault), told: reason, skipped: true });
  return Boolean(reason);
}

function newRow<Thing>({ section }: Series<Thing>, { fault }: Fault<Thing>): Row {
  return { section, fault, runs: 0, told: '', remained: [], next: '' };
}

async function observe<Thing>(
  series: Series<Thing>,
  fault: Fault<Thing>,
  row: Row,
  thing: Thing,
): Promise<void> {
  const done = await attempt(() => fault.run(thing));
  if (done.error !== undefined) row.failure = done.error;
  else Object.assign(row, { runs: 1, ...done.value, told: withoutNoise(done.value.told) });
  if (!fault.told.test(row.told)) row.failure ??= `What was told does not match ${fault.told}`;
  const left = await attempt(() => series.remains(thing, fault.limit ?? 15_000));
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
