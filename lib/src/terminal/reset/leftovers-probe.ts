import { type BrokerStatus, brokerStatus } from '../../broker/index.js';
import type { Examined, Finding, Probe } from '../../doctor/index.js';
import { logToFile } from '../../lab/client-log.js';
import { findLeftovers, type Leftovers, type LiveRuns, liveRuns } from '../../lab/leftovers.js';
import { Brokers } from '../../requests/brokers.js';
import { disconnectWithin, withDeadline } from '../../waiting.js';
import { count } from '../../words.js';
import { isLeftover } from '../kafka/member-name.js';
import { someOf } from '../kafka/topics.js';
import { hideTimerWarning } from '../ui/warnings.js';

const MEND = 'npx --no kafka-lab reset --dead';
const ANSWER_MS = 4000;

/** Members, groups and topics whose owner is gone. Looks, if Kafka runs, without holding it. */
export const leftoversOnKafka: Probe = {
  name: 'Runs',
  limit: 3 * ANSWER_MS,
  fix: 'npx --no kafka-lab stop',
  look: async () => {
    const status = await statusNow();
    if (!status?.running || status.brokers.length === 0) return nothing('Kafka is not running');
    if (!liveRuns(status)) return nothing('on a Kafka of yours, only you know whose live');
    return examinedLeftovers(await lookAt(status.brokers));
  },
};

/** That a Kafka does not answer is reported by the examination of Kafka. */
async function statusNow(): Promise<BrokerStatus | undefined> {
  const status = brokerStatus().catch(() => undefined);
  return withDeadline(status, { ms: 2500, late: () => undefined, ref: false });
}

/** Where Kafka has stopped meanwhile nobody knows. */
const liveNow: LiveRuns = async () => {
  const status = await statusNow();
  return status && liveRuns(status);
};

function nothing(why: string): Examined {
  return { lines: [`not looked at: ${why}`], facts: {}, findings: [] };
}

async function lookAt(addresses: string[]): Promise<Leftovers> {
  hideTimerWarning();
  const kafkajs = await import('kafkajs');
  const kafka = new kafkajs.Kafka({
    clientId: 'kafka-lab-doctor',
    brokers: addresses,
    logCreator: logToFile,
    connectionTimeout: ANSWER_MS,
    requestTimeout: ANSWER_MS,
    retry: { retries: 1 },
  });
  const [admin, brokers] = [kafka.admin(), new Brokers(kafka)];
  try {
    await admin.connect();
    return await findLeftovers({ admin, brokers }, liveNow, isLeftover);
  } finally {
    await Promise.all([disconnectWithin(admin), disconnectWithin(brokers)]);
  }
}

export function examinedLeftovers({ members, groups, topics }: Leftovers): Examined {
  const findings: Finding[] = [];
  if (members.length > 0) {
    const names = someOf(members.map(({ member, group }) => `${member} of group ${group}`));
    const has =
      members.length === 1 ? 'A stale member has' : `${members.length} stale members have`;
    findings.push({ what: `${has} no process any more: ${names}.`, fix: MEND });
  }
  if (groups.length + topics.length > 0) {
    const all = [...topics.map((name) => `topic ${name}`), ...groups.map((n) => `group ${n}`)];
    findings.push({ what: `Left by runs that are over: ${someOf(all)}.`, fix: MEND });
  }
  const line = `${count(topics.length, 'topic')}, ${count(groups.length, 'group')} of runs that are over`;
  return {
    lines: [`${line}; ${count(members.length, 'stale member')}`],
    facts: { topics, groups, ghosts: members.map(({ group, member }) => ({ group, member })) },
    findings,
  };
}
