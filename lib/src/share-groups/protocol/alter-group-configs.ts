import type { KafkaRequest } from '../../requests/brokers.js';
import type { Answered } from '../errors.js';

/** IncrementalAlterConfigs, version 1, of a group: kafkajs 2.2.4 refuses this type of resource. Null takes a setting back. */
export function alterGroupConfigs(
  groupId: string,
  configs: Readonly<Record<string, string | null>>,
): KafkaRequest<Answered> {
  return {
    ...{ name: 'IncrementalAlterConfigs', key: 44, version: 1, flexible: true },
    write: (writer) =>
      writer
        .array([groupId], (group) =>
          writer
            .int8(GROUP)
            .string(group)
            .array(Object.entries(configs), ([name, value]) =>
              writer
                .string(name)
                .int8(value === null ? DELETE : SET)
                .string(value)
                .tags(),
            )
            .tags(),
        )
        .int8(0) // not only to see whether it would be possible
        .tags(),
    read: (reader) => {
      reader.int32(); // throttled for
      const [answered] = reader.array(() =>
        reader.struct((): Answered => {
          const one = { error: reader.int16(), message: reader.string() };
          reader.int8(); // its type
          reader.string(); // its name
          return one;
        }),
      );
      return answered ?? { error: -1, message: '' };
    },
  };
}

const GROUP = 32;
const [SET, DELETE] = [0, 1];
