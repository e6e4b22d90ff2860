import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import Module, { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { log } from '../log.js';

const CHECKSUM_BYTES = 4;
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * A large CommonJS module whose compiled code can be kept in a folder, so that the next process need not compile it. Node
 * has this for all modules from 22.1 on, and this kernel runs on 20. A file is for one build of Node, its flags, and one
 * state of the source; what is missing or broken, or cannot be written, costs time and nothing else.
 */
export class CachedModule<T> {
  private script: Script | undefined;
  private readonly prefix: string;

  /** `id` is the absolute path of the source; for `folder`, see keepIn. */
  constructor(
    private readonly id: string,
    private folder: string | undefined = undefined,
  ) {
    this.prefix = `${basename(id)}-${build()}-`;
  }

  /** Says where the code is kept; until then, and with undefined, it is not. To be called before it is loaded. */
  keepIn(folder: string | undefined): void {
    this.folder = folder;
  }

  /** Whether loading it is quick. */
  get isKept(): boolean {
    return this.folder !== undefined && existsSync(this.pathIn(this.folder));
  }

  /** As `require` does. */
  load(): T {
    const known = require.cache[this.id];
    if (known) return known.exports as T;
    const { id } = this;
    const cachedData = this.read();
    const source = Module.wrap(readFileSync(id, 'utf8'));
    const script = new Script(source, { filename: id, ...(cachedData && { cachedData }) });
    if (!cachedData || script.cachedDataRejected) this.script = script;
    const module = Object.assign(new Module(id), { filename: id });
    const run = script.runInThisContext() as (...args: unknown[]) => void;
    run.call(module.exports, module.exports, createRequire(id), module, id, dirname(id));
    module.loaded = true;
    require.cache[id] = module;
    return module.exports as T;
  }

  /** Keeps what was compiled so far, all that ran; once, and only if it was not kept before. Never throws. */
  keep(): void {
    const { script, folder } = this;
    this.script = undefined;
    if (!script || folder === undefined) return;
    try {
      this.write(folder, script.createCachedData());
    } catch (error) {
      log('compiled code not kept', error);
    }
  }

  private read(): Buffer | undefined {
    if (this.folder === undefined) return undefined;
    try {
      const bytes = readFileSync(this.pathIn(this.folder));
      const code = bytes.subarray(CHECKSUM_BYTES);
      return crc32(code) === bytes.readUInt32LE() ? code : undefined;
    } catch {
      return undefined;
    }
  }

  /** Others may read or write the same at the same time: it is there as a whole, or not at all. */
  private write(folder: string, code: Buffer): void {
    const checksum = Buffer.alloc(CHECKSUM_BYTES);
    checksum.writeUInt32LE(crc32(code));
    // All users of an installation run this code, so that none but its owner may change it.
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    this.sweep(folder);
    const path = this.pathIn(folder);
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, Buffer.concat([checksum, code]), { mode: 0o644 });
    renameSync(draft, path);
  }

  /** What this Node kept of another state of the source, and what other builds and cut-off writers left long ago. */
  private sweep(folder: string): void {
    const limit = Date.now() - UNUSED_MS;
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const isOurs = name.startsWith(this.prefix) && name.endsWith('.code');
      const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? limit;
      if (isOurs || since < limit) rmSync(path, { force: true });
    }
  }

  private pathIn(folder: string): string {
    return join(folder, `${this.prefix}${stampOf(this.id)}.code`);
  }
}

/**
 * V8's own tag is not enough: Node 20.19.0 and 20.20.2 have the same, V8 11.3.244.8, patched in different ways, and code
 * of the one ends the other with a segmentation fault.
 */
function build(): string {
  const program = crc32(`${process.version} ${process.arch} ${stampOf(process.execPath)}`);
  return `${cachedDataVersionTag().toString(16)}-${program.toString(16)}`;
}

/** Changes with the file's path, size and time. @throws when there is none */
function stampOf(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return crc32(`${path} ${size} ${mtimeMs}`).toString(16);
}
