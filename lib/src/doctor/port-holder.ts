import { basename } from 'node:path';
import { askMetadata } from '../broker/wire/requests.js';
import { processCommand } from '../processes/processes.js';
import { listenerOn } from './listeners.js';

/** What docker-compose.yml calls its cluster. A test compares the two. */
const COMPOSE_CLUSTER = 'a2Fma2EtbGFiLWRvY2tlcg';
const ANSWER_MS = 1000;

/** Who listens on a port of this machine, in words for people. */
export async function holderOf(port: number): Promise<string> {
  const cluster = await askMetadata(port, ANSWER_MS);
  if (cluster?.clusterId === COMPOSE_CLUSTER) return 'the Kafka of docker-compose.yml';
  const pid = listenerOn(port);
  return describeHolder({
    isKafka: cluster !== undefined,
    pid,
    command: pid ? processCommand(pid) : '',
  });
}

interface Holder {
  isKafka: boolean;
  /** Undefined where it belongs to another user. */
  pid: number | undefined;
  command: string;
}

export function describeHolder({ isKafka, pid, command }: Holder): string {
  const lab = / kafka\.Kafka (.+)[\\/]\.lab[\\/]data[\\/]/.exec(command)?.[1];
  if (lab) return `the Kafka of the lab in ${lab}`;
  const who = isKafka ? 'another Kafka' : 'another program';
  if (pid === undefined) return who;
  // The arguments may hold secrets: the program's name alone.
  const name = basename(command.split(' ')[0] as string);
  return `${who} (process ${pid}${name && `, ${name}`})`;
}
