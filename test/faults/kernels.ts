import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaLab, processesOf, ROOT, waitUntil } from '../support/command.ts';
import type { ExecutedCell } from '../support/course.ts';
import { changedFigures } from '../support/figures.ts';
import { membersOf } from '../support/kafka-tools.ts';
import { KernelClient } from '../support/kernel-client.ts';
import { writeNotebook } from '../support/notebook.ts';
import { Place } from './place.ts';
import { consuming, folderInBuild, PATIENCE, RunningLab, says } from './running.ts';
import { declare, type Entry, type Fault } from './series.ts';

const RESTARTS = 20;
/** By when a member must have left: a ghost would stay for its session's 30 s. */
const GHOST_LIMIT = 12_000;

/** Asks Kafka's own tool until the group has no member; says so in its words. */
async function untilNoMember(brokers: string[], group: string): Promise<string> {
  const deadline = performance.now() + GHOST_LIMIT;
  for (;;) {
    const members = await membersOf(brokers, group);
    if (members.length === 0) return `Kafka: consumer group '${group}' has no active members.`;
    if (performance.now() > deadline)
      throw new Error(`After ${GHOST_LIMIT / 1000} s still members: ${members}`);
  }
}

async function brokersOf(place: Place): Promise<string[]> {
  return JSON.parse(await says(place, 'status', '--json')).brokers;
}

async function consumeIn(client: KernelClient, group: string): Promise<void> {
  const { error } = await client.execute(consuming('faults', group));
  if (error) throw new Error(`${error['ename']}: ${error['evalue']}`);
}

const restarts: Fault<RunningLab> = {
  fault: `kernel restarted while a consumer runs in it`,
  told: /Kernel restarted: .*has no active members/,
  run: async (lab) => {
    const group = 'faults.restarts';
    const id = await lab.startKernel();
    const kernels = () =>
      processesOf(lab.place.state).filter(({ command }) => command.includes('kernel/dist/main.js'))
        .length;
    const before = kernels();
    for (let run = 1; run <= RESTARTS; run++) {
      const client = await lab.client(id);
      await consumeIn(client, group);
      await client.close();
      await lab.restart(id);
    }
    const gone = await untilNoMember(await brokersOf(lab.place), group);
    await waitUntil(() => kernels() === before, `${before} kernels to be left, no orphan`);
    const told = lab.logLines().findLast((line) => line.includes('Kernel restarted'));
    await lab.close();
    return { told: `${told} ${gone}`, runs: RESTARTS };
  },
};

const interrupted: Fault<Place> = {
  fault: 'interrupt while the library waits',
  told: /KeyboardInterrupt: interrupted.*has no active members\..*next cell: 10 records/s,
  run: async (place) => {
    const kernel = await KernelClient.start({ env: place.env, patience: PATIENCE });
    try {
      const group = 'faults.interrupt';
      const [opening, consumer] = consuming('faults', group).split(/(?<=partitions: 2 \}\);\n)/);
      await kernel.execute(opening!);
      const id = await kernel.send('shell', 'execute_request', {
        code: `${consumer}
        console.log('waits');
        await lab.untilStable('${group}', { members: 2, timeout: 60_000 });`,
      });
      await kernel.until('the wait', () =>
        kernel.of(id).some(({ content }) => content['text'] === 'waits\n'),
      );
      place.notePorts();
      kernel.process.kill('SIGINT');
      const { error } = await kernel.answer(id);
      const gone = await untilNoMember(await brokersOf(place), group);
      const next = await kernel.execute(NEXT_CELL);
      if (next.error) throw new Error(`The next cell failed: ${next.error['evalue']}`);
      return { told: `${error?.['ename']}: ${error?.['evalue']} ${gone} ${next.stdout}` };
    } finally {
      await kernel.close();
      await says(place, 'stop');
    }
  },
};

/** Uses the lab that the interrupted cell opened. */
const NEXT_CELL = `
const again = lab.watch(new Kafka({ clientId: 'b', ...lab.connection }));
const producer = again.producer();
await producer.connect();
await producer.send({ topic: orders.name, messages: Array.from({ length: 10 }, (_, n) => ({ value: String(n) })) });
const reader = again.consumer({ groupId: 'faults.next', ...lab.quick });
await reader.connect();
await reader.subscribe({ topics: [orders.name], fromBeginning: true });
await reader.run({ eachMessage: async () => {} });
await lab.untilDrained('faults.next', orders);
console.log('next cell: ' + lab.ledger.records('processed', { group: 'faults.next' }).length + ' records');
`;

/** Where an executed copy says which topics and groups it used. */
const NAMES = /^NAMES (.*)$/m;
const TELL_NAMES = `{
  const groups = lab.ledger.members().map(({ group }) => group);
  const topics = lab.ledger.records('produced').map(({ topic }) => topic);
  console.log('NAMES ' + JSON.stringify([...new Set([...groups, ...topics])]));
}`;

type Copy = (cells: [id: string, source: string][]) => [id: string, source: string][];

const TELLING = 'tell-names';
/** A notebook that needs no Kafka opens no lab, and has no names. */
const telling = (cells: [string, string][]): [string, string][] =>
  cells.some(([, source]) => source.includes('openLab(')) ? [[TELLING, TELL_NAMES]] : [];
const again = (cells: [string, string][], round: number) =>
  cells.map(([id, source]) => [`${id}-${round}`, source] as [string, string]);
const once: Copy = (cells) => [...cells, ...telling(cells)];
/** Each cell twice, and then the whole once more in the same kernel. */
const thrice: Copy = (cells) => [
  ...cells.flatMap((cell) => [...again([cell], 1), ...again([cell], 2)]),
  ...again(telling(cells), 2),
  ...again([...cells, ...telling(cells)], 3),
];

/** The code cells of a notebook of the course. */
function codeOf(name: string): [string, string][] {
  const { cells } = JSON.parse(readFileSync(join(ROOT, 'notebooks', `${name}.ipynb`), 'utf8'));
  const code = cells.filter((cell: { cell_type: string }) => cell.cell_type === 'code');
  return code.map(({ id, source }: { id: string; source: string | string[] }) => [
    id,
    [source].flat().join(''),
  ]);
}

const course = readdirSync(join(ROOT, 'notebooks'))
  .filter((file) => file.endsWith('.ipynb'))
  .map((file) => file.slice(0, -'.ipynb'.length))
  // The glossary has nothing to run.
  .filter((name) => codeOf(name).length > 0);

/**
 * Runs changed copies of notebooks side by side; all checks have to pass, no two runs share a name, and a cell says each time what
 * it said first.
 */
const copies = (
  fault: string,
  names: string[],
  variants: Record<string, Copy>,
  jobs: number,
): Fault<Place> => ({
  fault,
  told: new RegExp(
    `${Object.keys(variants).length * names.length} notebooks passed.*No name is shared.*No figure has changed`,
  ),
  run: async (place) => {
    const folder = folderInBuild();
    const files = names.flatMap((name) =>
      Object.entries(variants).map(([variant, copy]) => {
        const path = join(folder, `${name}.${variant}.ipynb`);
        writeNotebook(path, Object.fromEntries(copy(codeOf(name))));
        return path;
      }),
    );
    const argv = ['notebooks', ...files, '--jobs', String(jobs), '--output', join(folder, 'out')];
    const { output, code } = await kafkaLab(place.state, argv).ended;
    if (code !== 0) throw new Error(output);
    const executed = join(folder, 'out', 'notebooks');
    const told = [sharedNames(executed), sameFigures(executed, names)].join(' ');
    rmSync(folder, { recursive: true, force: true });
    return { told: `${/^\d+ notebooks passed/m.exec(output)?.[0]}. ${told}`, runs: files.length };
  },
});

/** Compares what each cell says in all its runs, in all copies of its notebook. */
function sameFigures(folder: string, names: string[]): string {
  const changed = names.flatMap((name) => {
    const rounds = new Map<string, ExecutedCell[]>();
    for (const file of readdirSync(folder).filter((file) => file.startsWith(`${name}.`))) {
      const { cells } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      for (const cell of cells as ExecutedCell[]) {
        const id = cell.id.replace(/-[123]$/, '');
        if (id !== TELLING) rounds.set(id, [...(rounds.get(id) ?? []), cell]);
      }
    }
    return changedFigures(name, rounds);
  });
  if (changed.length > 0) throw new Error(changed.join('\n'));
  return 'No figure has changed.';
}

/** Compares what the runs say of the topics and groups that they used. */
function sharedNames(folder: string): string {
  const runs = readdirSync(folder).flatMap((file) => {
    const { cells } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const texts: string[] = cells.flatMap(
      ({ outputs = [] }: { outputs: { text?: string | string[] }[] }) =>
        outputs.map(({ text }) => [text ?? ''].flat().join('')),
    );
    return texts
      .flatMap((text) => NAMES.exec(text)?.[1] ?? [])
      .map((text) => JSON.parse(text) as string[]);
  });
  const names = runs.flat();
  const shared = names.filter((name, i) => names.indexOf(name) < i);
  if (names.length === 0 || shared.length > 0)
    throw new Error(`Names of ${runs.length} runs are shared: ${shared}`);
  return `No name is shared by their ${runs.length} runs.`;
}

function kernelLane<Thing extends RunningLab>(
  faults: Fault<Thing>[],
  open: (place: Place) => Promise<Thing>,
): Entry[] {
  const place = new Place();
  return declare({
    section: 'Kernel and notebooks',
    faults,
    open: () => open(place),
    remains: (_, limit) => place.remains(limit),
    close: (lab) => lab.close(),
    dispose: () => place.dispose(),
  });
}

function placeLane(faults: Fault<Place>[]): Entry[] {
  const place = new Place();
  return declare({
    section: 'Kernel and notebooks',
    faults,
    // The next start: whoever comes next gets a Kafka.
    open: async () => {
      const { code, output } = await kafkaLab(place.state, ['groups']).ended;
      if (code !== 0) throw new Error(output);
      await says(place, 'stop');
      return place;
    },
    remains: (_, limit) => place.remains(limit),
    close: async () => {},
    dispose: () => place.dispose(),
  });
}

export function kernels(): Entry[] {
  return [
    ...placeLane([
      copies(
        'each cell run twice, and then each notebook again in the same kernel',
        course,
        { thrice },
        3,
      ),
    ]),
    ...kernelLane([restarts], RunningLab.open),
    ...placeLane([
      interrupted,
      copies(
        'two of one notebook at once',
        ['04-groups-and-offsets', '05-scaling'],
        { a: once, b: once },
        4,
      ),
    ]),
  ];
}
