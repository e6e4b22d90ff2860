import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Consumer } from 'kafkajs';
import { expect, test } from 'vitest';
import { installHost } from '../../../lib/src/host.ts';
import { onInterrupt, stopWhenInterrupted } from '../../../lib/src/lab/waiting/interrupt.ts';
import { untilSo } from '../../../lib/src/lab/waiting/wait.ts';

/** The signal of a cell, and what Node warns of meanwhile. */
function cell() {
  const controller = new AbortController();
  const { signal } = controller;
  installHost({ signal: () => signal });
  const warnings: string[] = [];
  const hear = ({ message }: Error) => void warnings.push(message);
  process.on('warning', hear);
  return {
    interrupt: () => {
      const reason = Object.assign(new Error('stop'), { name: 'KeyboardInterrupt' });
      controller.abort(reason);
    },
    listeners: () => getEventListeners(signal, 'abort').length,
    warnings: async () => {
      await nextTurn();
      process.off('warning', hear);
      return warnings;
    },
  };
}

function consumer(stop = async () => {}): Consumer {
  const nothing = async () => {};
  const made = { run: nothing, stop: nothing, disconnect: nothing } as unknown as Consumer;
  stopWhenInterrupted(made, stop);
  return made;
}

test('a cell may start many consumers, and wait for many things: no warning, and nothing stays behind', async () => {
  const { listeners, warnings } = cell();
  const consumers = Array.from({ length: 12 }, () => consumer());
  for (const each of consumers) await each.run({});
  await consumers[0]?.run({}); // a second one is passed over by kafkajs
  expect(listeners()).toBe(12);
  let isSo = false;
  const waits = Array.from({ length: 12 }, (_, n) => untilSo(`thing ${n}`, () => isSo));
  isSo = true;
  await Promise.all(waits);
  await Promise.all(consumers.slice(0, 6).map((each) => each.disconnect()));
  await Promise.all(consumers.slice(6).map((each) => each.stop()));
  expect(listeners()).toBe(0);
  expect(await warnings()).toEqual([]);
});

test('an interrupt stops what still runs, once', async () => {
  const { interrupt } = cell();
  const stopped: string[] = [];
  const [a, b] = ['a', 'b'].map((name) => consumer(async () => void stopped.push(name)));
  await a?.run({});
  await a?.run({});
  await b?.run({});
  await b?.disconnect();
  onInterrupt(() => stopped.push('stream'))();
  interrupt();
  expect(stopped).toEqual(['a']);
});

test('what begins after the interrupt, in a cell that goes on nevertheless, is stopped at once', () => {
  const stopped: string[] = [];
  const { interrupt } = cell();
  interrupt();
  onInterrupt(() => stopped.push('of an interrupted cell'));
  installHost({ signal: () => AbortSignal.abort(new Error('the cell failed')) });
  onInterrupt(() => stopped.push('of a cell that failed'));
  expect(stopped).toEqual(['of an interrupted cell']);
});
