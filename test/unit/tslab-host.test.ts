import { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { showing } from '../../lib/src/charts/drawing/display.ts';
import { installHost } from '../../lib/src/host.ts';
import { installHostInTslab, tslabHost } from '../../lib/src/tslab-host.ts';

afterEach(() => vi.restoreAllMocks());

/** A tslab of which a first cell runs; `next` begins another. What cells show is in `shown`. */
function tslab() {
  const shown: unknown[][] = [];
  const beginCell = (n: number) => (content: unknown, update: boolean) =>
    void shown.push([n, content, update]);
  const jupyter = { lastWriteDisplayData: beginCell(1) };
  const exits: number[] = [];
  const exit = (code: number) => void exits.push(code);
  const process = Object.assign(new EventEmitter(), { exit });
  const next = () => {
    jupyter.lastWriteDisplayData = beginCell(2);
  };
  return { host: tslabHost(jupyter, '5.0.4', process), process, shown, exits, next };
}

test('bundles are shown as tslab shows them, by the cell that is the newest', () => {
  const { host, shown, next } = tslab();
  host.display({ 'text/plain': 'a', 'image/svg+xml': '<svg/>' }, { id: 'x', metadata: { m: 1 } });
  host.display({ 'text/plain': 'b' }, { id: 'x', update: true });
  next();
  host.display({ 'text/plain': 'c' });
  const [a, b, c] = [{ 'text/plain': 'a', 'image/svg+xml': '<svg/>' }, 'b', 'c'];
  expect(shown).toEqual([
    [1, { data: a, metadata: { m: 1 }, transient: { display_id: 'x' } }, false],
    [1, { data: { 'text/plain': b }, metadata: {}, transient: { display_id: 'x' } }, true],
    [2, { data: { 'text/plain': c }, metadata: {}, transient: {} }, false],
  ]);
});

test('a chart that is printed shows itself there, and prints its sentence everywhere', () => {
  const { host, shown } = tslab();
  const chart = showing({ text: 'Two members share.', spec: { mark: 'bar' } as never });
  installHost({});
  expect(inspect(chart)).toBe('Two members share.');
  expect(shown).toEqual([]);
  installHost(host);
  expect(inspect(chart)).toBe('Two members share.');
  expect(shown).toMatchObject([
    [1, { data: { 'application/vnd.vegalite.v5+json': { mark: 'bar' } } }, false],
  ]);
});

test('an interrupt aborts what the newest cell waits for, and nothing of an earlier one', () => {
  const { host, process, next } = tslab();
  const [first, again] = [host.signal(), host.signal()];
  expect(again).toBe(first);
  next();
  const second = host.signal();
  process.emit('SIGINT');
  expect(first.aborted).toBe(false);
  expect(second.reason).toMatchObject({ name: 'KeyboardInterrupt' });
  expect(host.signal()).toBe(second);
});

test('a failure in the background is told, ends the waits of the cell, and fails it as an interrupt does', () => {
  const { host, process } = tslab();
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const interrupted = vi.fn();
  process.on('SIGINT', interrupted);
  const error = new Error('the consumer crashed');
  const signal = host.signal();
  host.fail(error);
  expect(told.mock.calls).toEqual([['Failed in the background:', error]]);
  expect(signal.reason).toBe(error);
  expect(interrupted).toHaveBeenCalledOnce();
});

test('nobody can be asked: the default is the answer, else the error says so', async () => {
  const { host } = tslab();
  await expect(host.input('How many? ', { default: '3' })).resolves.toBe('3');
  await expect(host.input('How many? ')).rejects.toMatchObject({
    code: 'NO_INPUT',
    message: expect.stringMatching(/Stock tslab cannot ask\. .* the lab's own kernel/),
  });
});

test('hooks run once, before the process ends: by itself, or by SIGTERM; not those taken back', async () => {
  const { host, process, exits } = tslab();
  const ran: string[] = [];
  host.onShutdown(() => ran.push('taken back'))();
  host.onShutdown(() => ran.push('first'));
  process.emit('beforeExit');
  process.emit('beforeExit');
  host.onShutdown(async () => {
    await Promise.resolve();
    ran.push('second');
    throw new Error('it fails');
  });
  process.emit('SIGTERM');
  await vi.waitFor(() => expect(exits).toEqual([143]));
  expect(ran).toEqual(['first', 'second']);
});

test('a hook that does not end is not waited for longer than Jupyter waits', async () => {
  vi.useFakeTimers();
  const { host, process, exits } = tslab();
  host.onShutdown(() => new Promise(() => {}));
  process.emit('SIGTERM');
  await vi.advanceTimersByTimeAsync(1900);
  expect(exits).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(exits).toEqual([143]);
  vi.useRealTimers();
});

test('where tslab does not run, nothing is installed', () => {
  const key = Symbol.for('Jupyter.host');
  Reflect.deleteProperty(globalThis, key);
  installHostInTslab();
  expect(key in globalThis).toBe(false);
});
