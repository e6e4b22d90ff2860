import { moveAway } from '../broker/embedded/cause.js';
import { damageOf } from '../broker/embedded/damage.js';
import { recordedKafka } from '../broker/supervision/leftover.js';
import { files } from '../broker/supervision/protocol.js';
import type { Examined, Probe } from './examination.js';

/** Whether Kafka could start on what it has written. Only reads, and only while no Kafka writes there. */
export const data: Probe = {
  name: 'Data',
  limit: 5000,
  fix: 'npx --no kafka-lab stop',
  look: () => {
    if (recordedKafka()) return examined('in use by Kafka', { damaged: false });
    const damage = damageOf(files.data());
    if (!damage) return examined('nothing is damaged', { damaged: false });
    const { what, why, topics } = damage;
    const finding = { what: `${what} ${why}`, fix: moveAway(files.data()) };
    return examined('damaged', { damaged: true, topics }, [finding]);
  },
};

function examined(
  line: string,
  facts: Examined['facts'],
  findings: Examined['findings'] = [],
): Examined {
  return { lines: [line], facts, findings };
}
