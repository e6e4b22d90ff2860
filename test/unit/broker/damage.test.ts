import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { damageOf } from '../../../lib/src/broker/embedded/damage.ts';
import { startKafka } from '../../../lib/src/broker/embedded/embedded.ts';
import { format, METADATA, newClusterId } from '../../../lib/src/broker/embedded/format.ts';
import { data } from '../../../lib/src/doctor/data.ts';
import { withState } from '../../../lib/src/paths.ts';
import { quoted } from '../../../lib/src/shell.ts';

let state: string;
let dir: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'damage-'));
  dir = join(state, 'data', 'kafka');
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const FIRST = '00000000000000000000.log';
const at = (...parts: string[]) => join(dir, 'log', ...parts);

/** What Kafka leaves of a partition. A topic to which nobody has written has an empty log. */
function partition(name: string, log: Uint8Array = Buffer.alloc(0)): void {
  mkdirSync(at(name), { recursive: true });
  for (const file of ['leader-epoch-checkpoint', 'partition.metadata', 'x.index'])
    writeFileSync(at(name, file), 'x');
  writeFileSync(at(name, FIRST), log);
}

/** The front of a record batch, followed by as many bytes as it names. */
function batch(): Buffer {
  const bytes = Buffer.alloc(91);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes[16] = 2;
  return bytes;
}

function sound(): void {
  format(at(), { nodeId: 1, clusterId: newClusterId() });
  partition(METADATA, batch());
  for (const name of ['orders-0', 'orders-1', 'a-b.c-0', '__consumer_offsets-0']) partition(name);
}

/** Everything below the folder, with sizes and times of writing. */
function listing(): unknown[] {
  return readdirSync(state, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => [path, statSync(join(state, path)).size, statSync(join(state, path)).mtimeMs]);
}

const LACKS_META = 'Its file log/meta.properties is missing or incomplete.';
const LACKS_LOG = `Its metadata, log/${METADATA}, is missing or empty.`;
const meta = (text: string) => () => writeFileSync(at('meta.properties'), text);
const noMeta = () => rmSync(at('meta.properties'));
const noMetadata = () => rmSync(at(METADATA), { recursive: true });
const garbage = Buffer.from(Array.from({ length: 500 }, (_, n) => (n * 151 + 7) % 256));

describe('data that Kafka cannot use is found by the doctor, and refused before a start writes to it', () => {
  test.each<[string, () => void, string[]]>([
    ['meta.properties missing', noMeta, [LACKS_META]],
    ['meta.properties empty', meta(''), [LACKS_META]],
    ['meta.properties garbled', meta('\0\u001f=\ufffd\n'), [LACKS_META]],
    [
      'meta.properties with an id that is none',
      meta('version=1\nnode.id=1\ndirectory.id=no\ncluster.id=x\n'),
      [LACKS_META],
    ],
    ['metadata missing', noMetadata, [LACKS_LOG]],
    ['metadata without a log', () => rmSync(at(METADATA, FIRST)), [LACKS_LOG]],
    ['metadata emptied', () => truncateSync(at(METADATA, FIRST)), [LACKS_LOG]],
    [
      'metadata cut within its first batch',
      () => truncateSync(at(METADATA, FIRST), 50),
      [LACKS_LOG],
    ],
    ['metadata of zeros', () => writeFileSync(at(METADATA, FIRST), Buffer.alloc(500)), [LACKS_LOG]],
    ['metadata of other bytes', () => writeFileSync(at(METADATA, FIRST), garbage), [LACKS_LOG]],
    [
      'both',
      () => {
        noMeta();
        noMetadata();
      },
      [LACKS_META, LACKS_LOG],
    ],
  ])('%s', async (_, damage, lacks) => {
    sound();
    damage();
    const before = listing();
    const what = `Kafka's data in ${dir} is damaged.`;
    const why = [...lacks, 'It holds 2 topics.'].join(' ');
    const fix = `mv ${quoted(dir)} ${quoted(`${dir}.damaged`)}`;
    expect(await withState(state, () => data.look())).toEqual({
      lines: ['damaged'],
      facts: { damaged: true, topics: 2 },
      findings: [{ what: `${what} ${why}`, fix }],
    });
    const start = startKafka({ dir, logFile: join(state, 'kafka.log'), limit: 1 });
    await expect(start).rejects.toMatchObject({ code: 'BROKER_FAILED', what, why });
    await expect(start).rejects.toThrow(`Move it away, with: ${fix}, then start again`);
    expect(listing()).toEqual(before);
  });

  test('one topic, and none', () => {
    format(at(), { nodeId: 1, clusterId: newClusterId() });
    partition('orders-0');
    expect(damageOf(dir)?.why).toBe(`${LACKS_LOG} It holds 1 topic.`);
    rmSync(at('orders-0'), { recursive: true });
    partition(METADATA, batch());
    noMeta();
    expect(damageOf(dir)?.why).toBe(`${LACKS_META} It holds no topics.`);
  });
});

describe('not damaged', () => {
  test.each<[string, () => void]>([
    ['no folder at all', () => undefined],
    ['cut off before the first file', () => mkdirSync(at(), { recursive: true })],
    [
      'cut off while formatting',
      () => {
        format(at(), { nodeId: 1, clusterId: newClusterId() });
        noMeta();
      },
    ],
    ['formatted', () => format(at(), { nodeId: 1, clusterId: newClusterId() })],
    [
      'killed before the first record of metadata',
      () => {
        format(at(), { nodeId: 1, clusterId: newClusterId() });
        partition(METADATA);
      },
    ],
    [
      "without metadata, but with nothing to lose: partitions of Kafka's own alone",
      () => {
        format(at(), { nodeId: 1, clusterId: newClusterId() });
        partition(METADATA);
        partition('__consumer_offsets-0');
      },
    ],
    ['as in a run', sound],
    [
      'a snapshot in place of the segments that went, and a new one that is empty',
      () => {
        sound();
        rmSync(at(METADATA, FIRST));
        writeFileSync(at(METADATA, '00000000000000009218.log'), '');
        writeFileSync(at(METADATA, '00000000000000009218-0000000001.checkpoint'), batch());
      },
    ],
    [
      'a new segment that is empty',
      () => {
        sound();
        writeFileSync(at(METADATA, '00000000000000000448.log'), '');
      },
    ],
    [
      'a last batch that was cut off by a kill',
      () => {
        sound();
        writeFileSync(at(METADATA, FIRST), Buffer.concat([batch(), batch().subarray(0, 40)]));
      },
    ],
    [
      'partitions without metadata that Kafka is removing, and folders that are none',
      () => {
        format(at(), { nodeId: 1, clusterId: newClusterId() });
        partition('orders-0.5f1c7f2d9d5b4bd0a7a1d1d7a8a3f5a1-delete');
        partition('orders-1.5f1c7f2d9d5b4bd0a7a1d1d7a8a3f5a1-stray');
        mkdirSync(at('notes-1'));
      },
    ],
  ])('%s', async (_, make) => {
    make();
    expect(damageOf(dir)).toBeUndefined();
    const look = await withState(state, () => data.look());
    expect(look).toMatchObject({ lines: ['nothing is damaged'], findings: [] });
  });
});
