import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Reader, Writer } from '../../../lib/src/requests/encoding.ts';
import { ownGroupConfigs } from '../../../lib/src/share-groups/protocol/own-group-configs.ts';

const OF_GROUP = 8;
const NAME = fc.constantFrom('share.auto.offset.reset', 'share.isolation.level', 'ä');
const CONFIG = fc.record({ name: NAME, source: fc.constantFrom(4, 5, OF_GROUP), value: NAME });
const GROUP = fc.record({
  ...{ group: fc.constantFrom('jobs', 'wörkers'), error: fc.constantFrom(0, 30) },
  configs: fc.array(CONFIG, { maxLength: 4 }),
});

const int16 = (writer: Writer, value: number): Writer => writer.int8(value >> 8).int8(value);
const flag = (writer: Writer): Writer => writer.int8(1);

test('of a group’s settings those are told that were made for it', () => {
  const request = ownGroupConfigs(['jobs']);
  fc.assert(
    fc.property(fc.array(GROUP, { maxLength: 3 }), (groups) => {
      const writer = new Writer(false).int32(0); // throttled for
      writer.array(groups, ({ group, error, configs }) => {
        int16(writer, error)
          .string(error ? 'no' : null)
          .int8(32)
          .string(group);
        writer.array(configs, ({ name, value, source }) => {
          flag(writer.string(name).string(source === OF_GROUP ? value : null)).int8(source);
          flag(writer).array([value], (synonym) =>
            writer.string('as the broker calls it').string(synonym).int8(5),
          );
        });
      });
      const reader = new Reader(writer.buffer, false);
      expect(request.read(reader)).toEqual(
        groups.map(({ group, error, configs }) => ({
          ...{ group, error, message: error ? 'no' : '' },
          names: configs.filter(({ source }) => source === OF_GROUP).map(({ name }) => name),
        })),
      );
      expect(reader.bytesLeft()).toHaveLength(0);
    }),
  );
});

test('a request names groups, and asks for all of their settings', () => {
  const writer = new Writer(false);
  ownGroupConfigs(['jobs', 'wörkers']).write(writer);
  const reader = new Reader(writer.buffer, false);
  const asked = reader.array(() => [reader.int8(), reader.string(), reader.int32()]);
  expect(asked).toEqual([
    [32, 'jobs', -1],
    [32, 'wörkers', -1],
  ]);
  expect([reader.int8(), reader.bytesLeft().length]).toEqual([0, 0]);
});
