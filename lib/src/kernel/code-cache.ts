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
import { log } from './log.js';

const CHECKSUM_BYTES = 4;
const ENDING = '.code';

/**
 * A large CommonJS module whose compiled code is kept in `folder`, so that the next process need not compile it. Node
 * has this for all modules from 22.1 on, and this kernel runs on 20. A file is for one Node, its flags, and one state of
 * the source; what is missing or broken, or cannot be written, costs time and nothing else.
 */
export class CachedModule<T> {
  private script: Script | undefined;

  /** `id` is the absolute path of the source. */
  constructor(
    private readonly id: string,
    private readonly folder: string,
  ) {}

  /** Whether loading it is quick. */
  get isKept(): boolean {
    return existsSync(this.path);
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
    const { script } = this;
    this.script = undefined;
    if (!script) return;
    try {
      this.write(script.createCachedData());
    } catch (error) {
      log('compiled code not kept', error);
    }
  }

  private read(): Buffer | undefined {
    try {
      const bytes = readFileSync(this.path);
      const code = bytes.subarray(CHECKSUM_BYTES);
      return crc32(code) === bytes.readUInt32LE() ? code : undefined;
    } catch {
      return undefined;
    }
  }

  /** Others may read or write the same at the same time: it is there as a whole, or not at all. */
  private write(code: Buffer): void {
    const checksum = Buffer.alloc(CHECKSUM_BYTES);
    checksum.writeUInt32LE(crc32(code));
    mkdirSync(this.folder, { recursive: true });
    for (const name of readdirSync(this.folder)) {
      const isOld = name.startsWith(this.prefix) && name.endsWith(ENDING);
      if (isOld) rmSync(join(this.folder, name), { force: true });
    }
    const draft = `${this.path}.${process.pid}`;
    writeFileSync(draft, Buffer.concat([checksum, code]));
    renameSync(draft, this.path);
  }

  private get prefix(): string {
    return `${basename(this.id)}-${cachedDataVersionTag().toString(16)}-`;
  }

  private get path(): string {
    const { size, mtimeMs } = statSync(this.id);
    const stamp = crc32(`${this.id} ${size} ${mtimeMs}`).toString(16);
    return join(this.folder, `${this.prefix}${stamp}${ENDING}`);
  }
}
