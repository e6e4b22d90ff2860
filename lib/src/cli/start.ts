import { usualPort } from '../broker/embedded/usual-port.js';
import { type BrokerLease, leaseBroker } from '../broker/index.js';
import { lookAtUsual } from '../doctor/ports.js';
import { LabError } from '../errors.js';
import { forgetPage, openBrowser } from '../jupyter/browser.js';
import { type LabServer, startServer } from '../jupyter/server.js';
import { type LessonProgress, nextLesson, readProgress, summary } from '../lessons/index.js';
import { type Ending, type Endings, endingOf, watchEndings } from '../terminal/ui/endings.js';
import { onAbort, unlessAborted } from '../waiting.js';
import { type Command, parse } from './arguments/command.js';

const help = `npx --no kafka-lab start [--no-browser]

Starts Kafka and JupyterLab, and stops both on Ctrl-C.

JupyterLab opens at the notebook to go on with.

  --no-browser   print the address, open no browser`;

export const start: Command = { help, run };

interface Running {
  server: LabServer;
  lease: BrokerLease;
}

async function run(argv: string[]): Promise<number> {
  const { values } = parse({ args: argv, options: { 'no-browser': { type: 'boolean' } } });
  const endings = watchEndings();
  try {
    const lessons = readProgress();
    const running = await startBoth(endings, nextLesson(lessons)?.name ?? FIRST);
    onAbort(endings.atOnce, () => running.server.kill());
    for (const line of whereTheyAre(lessons)) console.log(line);
    await announce(running, { browser: !values['no-browser'] });
    return await stopBoth(running, endings, await untilOver(running, endings));
  } catch (error) {
    if (!endings.orderly.aborted) throw error;
    return stopped(endingOf(endings.orderly));
  } finally {
    endings.dispose();
  }
}

/** Has the contents. */
const FIRST = '00-start-here';

/** For who has been here before. */
function whereTheyAre(lessons: readonly LessonProgress[]): string[] {
  return lessons.some(({ state }) => state !== 'new') ? [...summary(lessons), ''] : [];
}

/** Side by side; if one fails, the other is taken back. */
async function startBoth({ orderly }: Endings, notebook: string): Promise<Running> {
  const failure = new AbortController();
  const signal = AbortSignal.any([orderly, failure.signal]);
  let reason: unknown;
  const orFail = (error: unknown) => {
    reason ??= error;
    failure.abort();
    return undefined;
  };
  const [server, lease] = await Promise.all([
    startServer({ signal, notebook }).catch(orFail),
    leaseBroker({ holder: 'npm start', linger: 0, signal }).catch(orFail),
  ]);
  if (server && lease) return { server, lease };
  await Promise.all([server?.stop(), lease?.release()]);
  throw reason;
}

async function announce({ server, lease }: Running, { browser }: { browser: boolean }) {
  const { version, origin, connection } = lease;
  const kafka = ['Kafka', version].filter(Boolean).join(' ');
  console.log(`${kafka} ${origin === 'address' ? '(yours)' : 'runs'} at ${connection.brokers}`);
  if (origin === 'embedded')
    for (const line of await elsewhere(connection.brokers)) console.log(line);
  console.log(`JupyterLab runs at ${server.address}`);
  if (browser && !(await openBrowser(server.address))) {
    console.log('No browser was found here: open that address in yours.');
  }
  console.log('Ctrl-C stops everything.');
}

/** Who has the port where a learner's own code looks for Kafka, if this Kafka has not. */
async function elsewhere(brokers: string[]): Promise<string[]> {
  const port = Number(brokers[0]?.split(':').pop());
  const found = await lookAtUsual(usualPort(), port);
  return found.map((line) => `  ${line}.`);
}

/** Notebooks are told to run again; JupyterLab, which ends with Kafka, has to be started for that. */
const AGAIN = 'JupyterLab is stopped with it. Start both again, with the topics, by: npm start';

/** Until somebody ends us, or one of the two is gone. */
function untilOver({ server, lease }: Running, { orderly }: Endings): Promise<Ending | LabError> {
  return new Promise((resolve) => {
    onAbort(orderly, () => resolve(endingOf(orderly)));
    void server.exited.then(resolve);
    lease.onLost(({ code, what, why }) => resolve(new LabError(code, { what, why, fix: AGAIN })));
  });
}

/** The kernels first, which still have groups to leave; then Kafka. */
async function stopBoth({ server, lease }: Running, { atOnce }: Endings, over: Ending | LabError) {
  if (!(over instanceof LabError)) console.log('\nStopping …');
  await server.stop();
  forgetPage();
  await unlessAborted(lease.release(), atOnce, () => {});
  if (over instanceof LabError) throw over;
  return stopped(over);
}

function stopped({ signal, exitCode }: Ending): number {
  console.log('Stopped.');
  return signal === 'SIGINT' ? 0 : exitCode;
}
