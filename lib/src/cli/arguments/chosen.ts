import { addressSpelled, connectionFromEnvironment } from '../../broker/config/address.js';
import { offersShareGroups } from '../../broker/index.js';
import {
  chooseNotebooks,
  courseNotebooks,
  killsBrokers,
  type NotebookFile,
  usesShareGroups,
} from '../../jupyter/choose.js';

/**
 * The notebooks meant by `names`; none named: those of the course that can run on this Kafka. Says which cannot.
 * @throws LabError BAD_INPUT
 */
export async function chosenHere(names: string[]): Promise<NotebookFile[]> {
  const files = chooseNotebooks(names, courseNotebooks());
  const connection = connectionFromEnvironment();
  if (names.length > 0 || !connection) return files;
  // Where nothing answers, they are left in: the run says so itself.
  const hasShareGroups = (await offersShareGroups(connection)) ?? true;
  const looked = files.map((file) => ({ file, reason: unfit(file, hasShareGroups) }));
  for (const { file, reason } of looked)
    if (reason) console.log(`${file.name} is left out: ${reason}`);
  return looked.filter(({ reason }) => !reason).map(({ file }) => file);
}

/** Why a notebook cannot run on the Kafka at an address; undefined if it can. */
function unfit(file: NotebookFile, hasShareGroups: boolean): string | undefined {
  const there = addressSpelled();
  if (killsBrokers(file))
    return (
      `it kills brokers, and those that ${there} names are not the lab's. ` +
      'Without an address it starts three of its own.'
    );
  if (usesShareGroups(file) && !hasShareGroups)
    return `it needs share groups, and the Kafka that ${there} names has none. Kafka has them since 4.2.`;
  return undefined;
}
