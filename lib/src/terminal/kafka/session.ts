import type { Admin, Kafka } from 'kafkajs';
import { type BrokerLease, leaseBroker } from '../../broker/index.js';
import { LabError } from '../../errors.js';
import { logToFile } from '../../lab/client-log.js';
import { Brokers } from '../../requests/brokers.js';
import { disconnectWithin, onAbort, unlessAborted, withDeadline } from '../../waiting.js';
import { type Endings, endingOf, watchEndings } from '../ui/endings.js';
import { outputClosed, watchReader } from '../ui/output.js';
import { hideTimerWarning } from '../ui/warnings.js';
import { isConnectionError, lostInTerminal, readable } from './errors.js';
import { failWhenSilent, sayWaiting } from './silence.js';

/** The news that the broker is lost may come a moment after its connections broke. */
const NEWS_MS = 300;

/** A command's hold on Kafka. */
export interface Session {
  readonly lease: BrokerLease;
  readonly kafkajs: typeof import('kafkajs');
  /** Connected already. */
  readonly admin: Admin;
  /** For what kafkajs has no call for; they connect when they are first asked. */
  readonly brokers: Brokers;
  /** Aborted when the command is to end in order: Ctrl-C and the like, or a pipe that was closed. */
  readonly ended: AbortSignal;
  client(clientId: string): Kafka;
  /** The exit code of an ending: 0 if Ctrl-C was the way to end it (`meant`), else 128 + the signal. */
  exitCode(meant: boolean): number;
}

interface Request {
  /** The command, for `kafka-lab status`. */
  holder: string;
  /** It looks at `ended` itself; without, it is broken off. */
  endsItself?: boolean;
}

/**
 * Does `work` on Kafka and cleans up behind it. @returns the exit code
 * @throws LabError if there is no Kafka, if it is lost meanwhile, or if it refuses
 */
export async function onKafka(
  request: Request,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  hideTimerWarning();
  if (request.endsItself) watchReader();
  const endings = watchEndings();
  onAbort(endings.atOnce, () => process.exit(endingOf(endings.orderly).exitCode));
  try {
    const [lease, kafkajs] = await Promise.all([
      leaseBroker({
        holder: `kafka-lab ${request.holder}`,
        linger: 60_000,
        creating: false, // who may only look may look; a command that does more reports what Kafka says
        signal: endings.orderly,
        onSilent: sayWaiting,
      }),
      import('kafkajs'),
      import('../../lab/kafkajs/checksums.js'),
      import('../../lab/codecs/register.js'),
    ]);
    try {
      return await withAdmin({ request, lease, kafkajs, endings }, work);
    } finally {
      await lease.release();
    }
  } catch (error) {
    if (error instanceof LabError && error.code === 'INTERRUPTED')
      return endingOf(endings.orderly).exitCode;
    throw error;
  } finally {
    endings.dispose();
    dieOfHangUp(endings.orderly);
  }
}

/** Node 20 crashes in process.exit when its terminal has gone; a process that was hung up may as well die of that. */
function dieOfHangUp(orderly: AbortSignal): void {
  if (orderly.aborted && endingOf(orderly).signal === 'SIGHUP') process.kill(process.pid, 'SIGHUP');
}

interface Parts {
  request: Request;
  lease: BrokerLease;
  kafkajs: typeof import('kafkajs');
  endings: Endings;
}

async function withAdmin(
  parts: Parts,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const { lease, kafkajs, endings, request } = parts;
  const lost = new Promise<never>((_, reject) =>
    lease.onLost((error) => reject(lostInTerminal(error))),
  );
  lost.catch(() => undefined);
  const client = (clientId: string) =>
    new kafkajs.Kafka({ clientId, ...lease.connection, ...SETTINGS });
  const kafka = client('kafka-lab');
  const admin = kafka.admin();
  const brokers = new Brokers(kafka);
  const session: Session = {
    ...{ lease, kafkajs, admin, brokers, client },
    ended: AbortSignal.any([endings.orderly, outputClosed()]),
    exitCode: (meant) => exitCode(endings.orderly, meant),
  };
  const working = admin.connect().then(() => work(session));
  const done = new AbortController();
  try {
    const silent = failWhenSilent(lease.connection, {
      done: done.signal,
      once: request.endsItself ?? false,
    });
    const worked = Promise.race([working, lost, silent]);
    return await unlessAborted(worked, request.endsItself ? undefined : endings.orderly, () => {
      throw new LabError('INTERRUPTED', { what: 'Interrupted.' });
    });
  } catch (error) {
    if (isConnectionError(error)) await withDeadline(lost, { ms: NEWS_MS, late: () => {} });
    throw readable(error, lease.connection.brokers);
  } finally {
    done.abort();
    await Promise.all([disconnectWithin(admin), disconnectWithin(brokers)]);
  }
}

/** A few quick retries: whoever sits at a terminal should be readable soon that nothing answers. */
const SETTINGS = { logCreator: logToFile, retry: { initialRetryTime: 100, retries: 5 } };

function exitCode(orderly: AbortSignal, meant: boolean): number {
  if (!orderly.aborted) return 0; // a closed pipe
  const { signal, exitCode } = endingOf(orderly);
  return meant && signal === 'SIGINT' ? 0 : exitCode;
}
