import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import {
  type Content,
  type Fact,
  type FactWriter,
  keyText,
  type Recorder,
  type RecordFact,
  type SharedFields,
  type Value,
  type ValueWriter,
} from '../ledger/index.js';
import { isThere, notWritten } from './errors.js';
import { FORMAT, MOST_BYTES, VERSION } from './format.js';
import { lineOf } from './schema.js';
import { type Known, type Shown, StandIns } from './stand-ins.js';

/** Lines are written together: after so many characters, or so many milliseconds. */
const MOST_TEXT = 65_536;
const LATEST_MS = 100;
/** Of a value so many bytes are told, as a ledger keeps them. */
const KEPT_BYTES = 96;

/** Appends facts to the file of a run as they happen. */
export class RunRecorder implements Recorder {
  /** Only where values are asked for. */
  readonly values?: (topic: string, partition: number) => ValueWriter;
  private text = '';
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private isOpen = true;
  private readonly standIns: StandIns;
  private readonly file: number;
  private readonly atExit = () => this.close();

  constructor(
    private readonly path: string,
    shown: Shown,
    known: Known,
  ) {
    this.standIns = new StandIns(shown, known);
    this.file = created(path);
    if (shown.values) this.values = (topic, partition) => this.valuesOf(topic, partition);
    process.on('exit', this.atExit);
    this.write({ format: FORMAT, version: VERSION, written: 'as it happened' });
  }

  record(fact: Fact): void {
    this.take(fact);
  }

  /** A sixth of the time: what all its facts have in common is made text of once. */
  writer(shared: SharedFields): FactWriter {
    const {
      time: _,
      offset: __,
      key: ___,
      ...fields
    } = this.standIns.of({
      ...{ ...shared, time: 0, offset: 0, key: null },
    }) as RecordFact;
    const head = JSON.stringify(fields).slice(0, -1);
    return {
      add: (time, offset, key) => {
        if (!this.isOpen) return;
        const known = JSON.stringify(this.standIns.keyOf(keyText(key)));
        this.writeText(`${head},"time":${time},"offset":${offset},"key":${known}}\n`);
      },
    };
  }

  /** Writes what is left, and ends the file. A second call does nothing. */
  close(): void {
    this.flush();
    if (!this.isOpen) return;
    this.isOpen = false;
    process.off('exit', this.atExit);
    closeSync(this.file);
  }

  private valuesOf(topic: string, partition: number): ValueWriter {
    return {
      add: (offset, value) =>
        this.take({ kind: 'value', topic, partition, offset, ...beginningOf(value) }),
    };
  }

  private take(content: Content): void {
    if (this.isOpen) this.write(lineOf(this.standIns.of(content)));
  }

  private write(line: object): void {
    this.writeText(`${JSON.stringify(line)}\n`);
  }

  private writeText(text: string): void {
    this.text += text;
    if (this.text.length >= MOST_TEXT) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), LATEST_MS).unref();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const bytes = Buffer.from(this.text);
    this.text = '';
    if (!this.isOpen || bytes.length === 0) return;
    if (this.bytes + bytes.length > MOST_BYTES)
      this.give(`${this.path} has reached ${MOST_BYTES / 1024 ** 2} MB`);
    else this.append(bytes);
  }

  /** Whoever is recorded must not fail because of it. */
  private append(bytes: Buffer): void {
    try {
      for (let from = 0; from < bytes.length; ) from += writeSync(this.file, bytes, from);
      this.bytes += bytes.length;
    } catch (error) {
      this.cut();
      this.give(`${this.path} cannot be written to: ${(error as Error).message}`);
    }
  }

  /** Takes away the half of a line that a full disk has left. */
  private cut(): void {
    try {
      ftruncateSync(this.file, this.bytes);
    } catch {}
  }

  private give(why: string): void {
    process.emitWarning(`${why}: from here on nothing is recorded.`);
    this.isOpen = false;
    process.off('exit', this.atExit);
    closeSync(this.file);
  }
}

/**
 * A recorder for `watch`, which appends to a new file what watched clients do: `openRun(file)` makes a ledger of it, also when
 * the program was killed, but for the last 100 ms. It ends with its process, or with `close()`.
 * @throws LabError BAD_INPUT if the file is there already, SYSTEM_REFUSED
 */
export function recordRun(file: string, shown: Shown = {}, known: Known = {}): RunRecorder {
  return new RunRecorder(file, shown, known);
}

function created(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST'
      ? isThere(path)
      : notWritten(path, error);
  }
}

function beginningOf(value: Value): { start: Buffer | null; size: number } {
  if (value === null || value === undefined) return { start: null, size: 0 };
  const bytes =
    typeof value === 'string'
      ? Buffer.from(value)
      : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return { start: bytes.subarray(0, KEPT_BYTES), size: bytes.length };
}
