import type { KafkaRequest } from '../../requests/brokers.js';
import type { Reader } from '../../requests/encoding.js';
import type { Answered } from '../errors.js';

/** Which settings a group has of its own, by name. */
export interface OwnConfigs extends Answered {
  group: string;
  names: string[];
}

/** DescribeConfigs, version 1, of groups: kafkajs 2.2.4 refuses this type of resource. A group need not exist. */
export function ownGroupConfigs(groups: readonly string[]): KafkaRequest<OwnConfigs[]> {
  return {
    ...{ name: 'DescribeConfigs', key: 32, version: 1, flexible: false },
    write: (writer) => {
      writer.array(groups, (group) =>
        writer
          .int8(GROUP)
          .string(group)
          .array(null, () => {}),
      );
      writer.int8(0); // nothing of what else would hold
    },
    read: (reader) => {
      reader.int32(); // throttled for
      return reader.array(() => {
        const [error, message] = [reader.int16(), reader.string()];
        reader.int8(); // its type
        const group = reader.string();
        const configs = reader.array(() => config(reader));
        const own = configs.filter(({ source }) => source === OF_GROUP);
        return { error, message, group, names: own.map(({ name }) => name) };
      });
    },
  };
}

function config(reader: Reader): { name: string; source: number } {
  const name = reader.string();
  reader.string(); // its value
  reader.int8(); // whether it can be set
  const source = reader.int8();
  reader.int8(); // whether it is secret
  reader.array(() => {
    reader.string();
    reader.string();
    reader.int8();
  });
  return { name, source };
}

const GROUP = 32;
/** Where a setting comes from that was made for the group. */
const OF_GROUP = 8;
