import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { failWhenSilent } from '../../../lib/src/terminal/kafka/silence.ts';

/** Does nothing, and lets nothing else be done. */
function standStill(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('a Kafka is not called silent by a process that stood still itself while it asked', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue();
  let isAsked = false;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (!isAsked) standStill(700);
    isAsked = true;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const done = new AbortController();
  onTestFinished(() => {
    done.abort();
    server.close();
    said.mockRestore();
  });
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = { brokers: [address], ssl: false };
  const began = performance.now();
  void failWhenSilent(connection, { done: done.signal, once: false });
  await expect
    .poll(() => said.mock.calls)
    .toEqual([[`Waiting for Kafka at ${address} to answer.`]]);
  // Not at the end of the first probe, which begins after 1 s and takes 2 s at most, but of the second, 3 s later.
  expect(performance.now() - began).toBeGreaterThan(5000);
});
