import { setTimeout as sleep } from 'node:timers/promises';
import { kill, waitUntil } from '../support/command.ts';
import { Place } from './place.ts';
import { consuming, type Running, RunningLab, RunningNotebooks } from './running.ts';
import { declare, type Entry, type Fault } from './series.ts';

/** Between two keystrokes: less counts as one, of which npm passes on a copy. */
const SECOND_KEYSTROKE_MS = 700;
/** Where a killed kernel's lease keeps Kafka for its minute. */
const WITH_LEASE = 75_000;

type How = 'Ctrl-C' | 'Ctrl-C twice' | 'SIGINT' | 'SIGINT twice' | 'SIGTERM' | 'SIGKILL';

/** Signals a process in one of the four ways. */
async function end(pid: number, how: How): Promise<void> {
  if (how === 'SIGTERM' || how === 'SIGKILL') return kill(pid, how);
  kill(pid, 'SIGINT');
  if (!how.endsWith('twice')) return;
  await sleep(SECOND_KEYSTROKE_MS);
  kill(pid, 'SIGINT');
}

const WAYS: How[] = ['SIGINT', 'SIGINT twice', 'SIGTERM', 'SIGKILL'];

/** One part of a lab, ended in each way; `told` of the whole then. */
function endingsOf<R extends Running>(
  name: string,
  part: string,
  told: Partial<Record<How, RegExp>>,
): Fault<R>[] {
  return WAYS.map((how) => ({
    fault: `${name}: ${how}`,
    told: told[how]!,
    run: async (running) => {
      await end(await running.place.untilRuns(part), how);
      return { told: await running.ended() };
    },
  }));
}

const allWays = (told: RegExp) => Object.fromEntries(WAYS.map((how) => [how, told]));
const AGAIN = 'npm start';

/** The command itself, by way of the terminal, of npm, or directly; `limitAtOnce` where it may end before its kernels do. */
function commandEndings<R extends Running>(
  name: string,
  told: { inOrder: RegExp; twice?: RegExp; killed: RegExp; limitAtOnce?: number },
): Fault<R>[] {
  const { inOrder, twice = inOrder, killed, limitAtOnce = 15_000 } = told;
  const done = async (running: R) => ({ told: await running.ended() });
  const group = (running: R) => -running.started.child.pid!;
  const npm = (running: R) => running.started.child.pid!;
  const fault = (
    how: string,
    text: RegExp,
    pid: (running: R) => number,
    signal: How,
    limit = 15_000,
  ): Fault<R> => ({
    fault: `${name}: ${how}`,
    told: text,
    limit,
    run: async (running) => {
      await end(pid(running), signal);
      return done(running);
    },
  });
  return [
    fault('Ctrl-C', inOrder, group, 'Ctrl-C'),
    fault('Ctrl-C twice', twice, group, 'Ctrl-C twice', limitAtOnce),
    fault('SIGTERM to npm', inOrder, npm, 'SIGTERM'),
    fault('SIGTERM to the lab', inOrder, (running) => running.own, 'SIGTERM'),
    fault('SIGKILL of npm', inOrder, npm, 'SIGKILL'),
    fault('SIGKILL of the lab', killed, (running) => running.own, 'SIGKILL', limitAtOnce),
  ];
}

const hung: Fault<RunningLab> = {
  fault: 'JupyterLab hangs (SIGSTOP): Ctrl-C until it ends',
  told: /Stopping …/,
  run: async (lab) => {
    kill(lab.place.pidOf('lab_server.py')!, 'SIGSTOP');
    const again = setInterval(() => lab.interrupt(), SECOND_KEYSTROKE_MS);
    return { told: await lab.ended().finally(() => clearInterval(again)) };
  },
};

const kernelInLab: Fault<RunningLab> = {
  fault: 'kernel in JupyterLab: SIGKILL',
  told: /restarting kernel \(1\/5\)/,
  run: async (lab) => {
    const dead = lab.place.pidOf('kernel/dist/main.js')!;
    const log = lab.logLines();
    kill(dead, 'SIGKILL');
    const isNew = () => ![undefined, dead].includes(lab.place.pidOf('kernel/dist/main.js'));
    await waitUntil(isNew, 'JupyterLab to start another kernel');
    const told = lab
      .logLines()
      .slice(log.length - 1)
      .filter((line) => /restarting kernel/.test(line));
    await lab.close();
    return { told: told.join(' ') };
  },
};

/** Its kernel has a consumer and a lease; whoever is killed, the broker goes after the minute. */
const withKernel = (how: 'Ctrl-C' | 'SIGKILL', told: RegExp, limit: number): Fault<RunningLab> => ({
  fault: `npm start, a consumer runs in a kernel: ${how}`,
  told,
  limit,
  run: async (lab) => {
    const client = await lab.client(await lab.startKernel());
    const { error } = await client.execute(consuming('ends', 'faults.group'));
    await client.close();
    if (error) throw new Error(`The consumer did not start: ${error['evalue']}`);
    await end(how === 'Ctrl-C' ? -lab.started.child.pid! : lab.own, how);
    return { told: await lab.ended() };
  },
});

function labLane(faults: Fault<RunningLab>[], place = new Place()): Entry[] {
  return declare({
    section: 'Endings of npm start',
    faults,
    open: () => RunningLab.open(place),
    remains: (_, limit) => place.remains(limit),
    close: (lab) => lab.close(),
    dispose: () => place.dispose(),
  });
}

function headlessLane(faults: Fault<RunningNotebooks>[], place = new Place()): Entry[] {
  return declare({
    section: 'Endings of npm run notebooks, a consumer running',
    faults,
    open: () => RunningNotebooks.open(place),
    remains: (_, limit) => place.remains(limit),
    close: (running) => running.close(),
    dispose: () => place.dispose(),
  });
}

/** What npm itself says of a lab that was killed under it. */
const NPM_SAYS = /Killed/;

export function endings(): Entry[] {
  const jupyter = new RegExp(`JupyterLab is gone: it .*${AGAIN}`, 's');
  const kafka = (how: string) => new RegExp(`Kafka ${how}.*${AGAIN}`, 's');
  const kernelDied = /cell 2 of 2 \(id "wait-here"\) failed: KernelDied: the kernel ended/;
  const kernelEnded = /cell 2 of 2 \(id "wait-here"\) failed: (KernelDied|KernelEnded): the kernel/;
  const interrupted = /cell 2 of 2 \(id "wait-here"\) failed: KeyboardInterrupt/;
  return [
    ...labLane([
      withKernel('SIGKILL', NPM_SAYS, WITH_LEASE),
      withKernel('Ctrl-C', /Stopped\./, 15_000),
    ]),
    ...labLane([
      ...commandEndings<RunningLab>('npm start', { inOrder: /Stopped\./, killed: NPM_SAYS }),
      hung,
    ]),
    ...labLane([
      ...endingsOf<RunningLab>('JupyterLab', 'lab_server.py', allWays(jupyter)),
      kernelInLab,
    ]),
    ...labLane([
      ...endingsOf<RunningLab>('supervisor', 'supervisor-main.js', allWays(kafka('is gone'))),
      ...endingsOf<RunningLab>(
        'Kafka',
        ' kafka.Kafka ',
        allWays(kafka('(was ended by SIG|ended with exit code)')),
      ),
    ]),
    ...headlessLane([
      ...commandEndings<RunningNotebooks>('headless runner', {
        inOrder: /✗ waits +interrupted.*Interrupted\./s,
        // Either the first was obeyed in time, or the second is said to have ended it.
        twice: /✗ waits +interrupted.*Interrupted\.|Interrupted again: /s,
        killed: NPM_SAYS,
        limitAtOnce: WITH_LEASE,
      }),
    ]),
    ...headlessLane([
      ...endingsOf<RunningNotebooks>('kernel', 'kernel/dist/main.js', {
        SIGINT: interrupted,
        'SIGINT twice': interrupted,
        SIGTERM: kernelEnded,
        SIGKILL: kernelDied,
      }),
      ...endingsOf<RunningNotebooks>(
        'Kafka under it',
        ' kafka.Kafka ',
        allWays(/Kafka (was ended by|ended with)/),
      ),
    ]),
  ];
}
