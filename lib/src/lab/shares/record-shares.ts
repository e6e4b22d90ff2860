import { keyText, now, type Recorder, type ShareKind } from '../../ledger/index.js';
import type { AcknowledgementKind, RecordEvent, ShareConsumer } from '../../share-groups/index.js';

const FACTS: Record<AcknowledgementKind, ShareKind> = {
  accept: 'accepted',
  release: 'released',
  reject: 'rejected',
  renew: 'renewed',
};

/** Records what a share consumer does: its membership, and what becomes of each delivery. */
export function recordShares(consumer: ShareConsumer, recorder: Recorder): void {
  const by = () => ({ time: now(), group: consumer.groupId, member: consumer.clientId });
  const at = ({ topic, partition, message }: RecordEvent) => ({
    ...{ ...by(), topic, partition, offset: Number(message.offset) },
  });
  const share = (kind: ShareKind, event: RecordEvent) =>
    recorder.record({ kind, ...at(event), deliveries: event.deliveryCount });
  const handling = (kind: 'delivered' | 'processed' | 'failed', event: RecordEvent) =>
    recorder.record({ kind, ...at(event), key: keyText(event.message.key) });

  consumer.on('assigned', (joined) => recorder.record({ kind: 'joined', ...by(), ...joined }));
  consumer.on('left', () => recorder.record({ kind: 'left', ...by() }));
  consumer.on('crashed', ({ error }) =>
    recorder.record({ kind: 'crashed', ...by(), reason: String(error) }),
  );
  consumer.on('acquired', (event) => share('acquired', event));
  consumer.on('acknowledged', (event) => share(FACTS[event.as], event));
  consumer.on('expired', (event) => share('lock expired', event));
  consumer.on('abandoned', (event) => share('released', event));
  consumer.on('delivered', (event) => handling('delivered', event));
  consumer.on('handled', (event) => handling('processed', event));
  consumer.on('failed', (event) => handling('failed', event));
}
