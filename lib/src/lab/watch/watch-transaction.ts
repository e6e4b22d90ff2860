import type { Transaction } from 'kafkajs';
import type { Recorder } from '../../ledger/index.js';
import { type Ends, TransactionFacts } from '../waiting/transaction-facts.js';

interface Watching {
  recorder: Recorder;
  ends: Ends | undefined;
  member: () => string;
}

/**
 * Records what becomes of a transaction: what it has sent counts once it is committed, and its bookmarks are moved then.
 * @param watchSends is told which recorder takes what it sends
 */
export function watchTransaction(
  transaction: Transaction,
  { recorder, ends, member }: Watching,
  watchSends: (recorder: Recorder) => void,
): Transaction {
  const { commit, abort, sendOffsets } = transaction;
  const facts = new TransactionFacts(recorder, ends);
  watchSends(facts);
  transaction.sendOffsets = async (offsets) => {
    await sendOffsets(offsets);
    for (const { topic, partitions } of offsets.topics) {
      for (const { partition, offset } of partitions) {
        const by = { group: offsets.consumerGroupId, member: member() };
        facts.moves({ ...by, topic, partition, offset: Number(offset) });
      }
    }
  };
  transaction.commit = () => facts.ending(commit, 'produced');
  transaction.abort = () => facts.ending(abort, 'aborted');
  return transaction;
}
