import { type BrokerStatus, brokerStatus } from '../../broker/index.js';
import type { Examined, Finding, Probe } from '../../doctor/index.js';
import { logToFile } from '../../lab/client-log.js';
import type { Remains } from '../../lab/sweep.js';
import { Brokers } from '../../requests/brokers.js';
import { disconnectWithin, withDeadline } from '../../waiting.js';
import { someOf } from '../kafka/topics.js';
import { amount } from '../ui/text.js';
import { hideTimerWarning } from '../ui/warnings.js';
import { findRemains } from './remains.js';

const SWEEP = 'npx --no kafka-lab reset --dead';
const ANSWER_MS = 4000;

/** Members, groups and topics whose owner is gone. Looks, if Kafka runs, without holding it. */
export const remains: Probe = {
  name: 'Runs',
  limit: 3 * ANSWER_MS,
  fix: 'npx --no kafka-lab stop',
  look: async () => {
    const status = await statusNow();
    if (!status?.running || status.brokers.length === 0) return nothing('Kafka is not running');
    if (status.origin === 'address')
      return nothing('on a Kafka of yours, only you know whose live');
    return remainsExamined(await lookAt(status.brokers, status.holders));
  },
};

/** That a Kafka does not answer is reported by the examination of Kafka. */
async function statusNow(): Promise<BrokerStatus | undefined> {
  const status = brokerStatus().catch(() => undefined);
  return withDeadline(status, { ms: 2500, late: () => undefined, ref: false });
}

function nothing(why: string): Examined {
  return { lines: [`not looked at: ${why}`], facts: {}, findings: [] };
}

async function lookAt(addresses: string[], holders: string[]): Promise<Remains> {
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
    return await findRemains({ admin, brokers }, holders);
  } finally {
    await Promise.all([disconnectWithin(admin), disconnectWithin(brokers)]);
  }
}

export function remainsExamined({ ghosts, groups, topics }: Remains): Examined {
  const findings: Finding[] = [];
  if (ghosts.length > 0) {
    const names = someOf(ghosts.map(({ member, group }) => `${member} of group ${group}`));
    const has = ghosts.length === 1 ? 'A stale member has' : `${ghosts.length} stale members have`;
    findings.push({ what: `${has} no process any more: ${names}.`, fix: SWEEP });
  }
  if (groups.length + topics.length > 0) {
    const all = [...topics.map((name) => `topic ${name}`), ...groups.map((n) => `group ${n}`)];
    findings.push({ what: `Left by runs that are over: ${someOf(all)}.`, fix: SWEEP });
  }
  const line = `${amount(topics.length, 'topic')}, ${amount(groups.length, 'group')} of runs that are over`;
  return {
    lines: [`${line}; ${amount(ghosts.length, 'stale member')}`],
    facts: { topics, groups, ghosts: ghosts.map(({ group, member }) => ({ group, member })) },
    findings,
  };
}
