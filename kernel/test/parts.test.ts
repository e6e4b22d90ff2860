import { describe, expect, test, vi } from 'vitest';
import { Background } from '../src/cells/background.ts';
import { Cell, Cells } from '../src/cells/cells.ts';
import { ExecutionService } from '../src/cells/execution.ts';
import type { CellExecutor } from '../src/cells/executor.ts';
import { ExecutionQueue } from '../src/cells/queue.ts';
import { Shutdown } from '../src/interrupt/shutdown.ts';
import type { ExecuteRequest, Message } from '../src/messages.ts';
import { endpoint } from '../src/transport/connection.ts';
import { IoPub } from '../src/transport/iopub.ts';
import { Outbox } from '../src/transport/outbox.ts';
import { Wire } from '../src/transport/wire.ts';

const header = { msg_id: 'r', session: '', username: '', date: '', msg_type: '', version: '' };
const request = (id: string): Message<ExecuteRequest> => ({
  identities: [],
  header: { ...header, msg_id: id },
  metadata: {},
  content: { code: '' },
});

describe('the queue', () => {
  test('runs one at a time and aborts exactly what waits', async () => {
    const queue = new ExecutionQueue();
    const seen: string[] = [];
    const add = (name: string, act = () => {}) =>
      new Promise<void>((done) => {
        queue.add(async (aborted) => {
          act();
          seen.push(aborted ? `${name} aborted` : name);
          done();
        });
      });
    const first = [add('a', () => queue.abort()), add('b'), add('c')];
    await Promise.all(first);
    await add('b');
    expect(seen).toEqual(['a', 'b aborted', 'c aborted', 'b']);
  });

  test('survives a request that fails', async () => {
    const queue = new ExecutionQueue();
    queue.add(() => Promise.reject(new Error('on purpose')));
    await new Promise<void>((done) => queue.add(async () => done()));
  });
});

describe('an execution that fails', () => {
  /** Sends `a`, which fails, and `b` while the kernel waits for the rest of a burst. */
  const statuses = async (content: Partial<ExecuteRequest>) => {
    const replies: string[] = [];
    const transport = {
      send: (channel: string, frames: (Buffer | string)[]) => {
        const { status, user_expressions } = JSON.parse(String(frames.at(-1)));
        if (channel === 'shell') replies.push(user_expressions ? 'ok' : status);
      },
      flushed: async () => {},
      settled: async (): Promise<void> => service.add(request('b')),
    };
    const wire = new Wire('k');
    const error = { ename: 'E', evalue: '', traceback: [] };
    const run = async ({ request: { header } }: Cell) => (header.msg_id === 'a' ? { error } : {});
    const executor = { run } as unknown as CellExecutor;
    const service: ExecutionService = new ExecutionService(executor, {
      wire,
      iopub: new IoPub(wire, transport),
      transport,
    });
    const first = request('a');
    service.add({ ...first, content: { ...first.content, ...content } });
    if (content.stop_on_error === false) service.add(request('b'));
    await vi.waitUntil(() => replies.length === 2);
    return replies;
  };

  test('aborts what comes before it is reported', async () => {
    expect(await statuses({})).toEqual(['error', 'aborted']);
  });

  test('aborts nothing with stop_on_error false', async () => {
    expect(await statuses({ stop_on_error: false })).toEqual(['error', 'ok']);
  });
});

describe('broadcasts', () => {
  const setup = () => {
    const sent: { type: string; text?: string; parent?: string }[] = [];
    const transport = {
      send: (_: string, frames: (Buffer | string)[]) => {
        const [head, parent, , content] = frames
          .slice(-4)
          .map((frame) => JSON.parse(String(frame)));
        sent.push({ type: head.msg_type, text: content.text, parent: parent.msg_id });
      },
      flushed: async () => {},
      settled: async () => {},
    };
    return { sent, iopub: new IoPub(new Wire('k'), transport) };
  };

  test('join text of one stream and one cell after the first few, and keep the order', () => {
    const { sent, iopub } = setup();
    const [a, b] = [request('a'), request('b')];
    for (const text of ['1', '2', '3', '4', '5', '6', '7']) iopub.stream('stdout', text, a);
    iopub.stream('stderr', '8', a);
    iopub.stream('stderr', '9', b);
    iopub.status('idle', b);
    const first = ['1', '2', '3', '4', '5'].map((text) => ({ type: 'stream', text, parent: 'a' }));
    expect(sent).toEqual([
      ...first,
      { type: 'stream', text: '67', parent: 'a' },
      { type: 'stream', text: '8', parent: 'a' },
      { type: 'stream', text: '9', parent: 'b' },
      { type: 'status', text: undefined, parent: 'b' },
    ]);
  });

  test('hold the first few texts after a pause not back at all, others not for long', () => {
    vi.useFakeTimers();
    const { sent, iopub } = setup();
    for (const text of ['1', '2', '3', '4', '5', '6']) iopub.stream('stdout', text, request('a'));
    expect(sent).toHaveLength(5);
    vi.advanceTimersByTime(100);
    expect(sent).toHaveLength(6);
    iopub.stream('stdout', '7', request('a'));
    expect(sent).toHaveLength(7);
    vi.useRealTimers();
  });
});

describe('failures in the background', () => {
  const setup = () => {
    const cells = new Cells();
    const notes: unknown[] = [];
    const background = new Background(
      cells,
      (cell, { error }) => cell.fail(error),
      ({ error, origin }) => notes.push([error, origin?.count]),
    );
    return { cells, notes, background };
  };

  test('fail the running cell', () => {
    const { cells, notes, background } = setup();
    const cell = new Cell(request('a'), 1);
    const error = new Error('x');
    cells.run(cell, () => background.fail(error));
    expect(cell.failure).toEqual({ error });
    expect(cell.signal.reason).toBe(error);
    expect(notes).toEqual([]);
    expect(background.take()).toEqual([]);
  });

  test('wait for the next cell, once, and are noted in the cell that started them', () => {
    const { cells, notes, background } = setup();
    const cell = new Cell(request('a'), 7);
    const error = new Error('x');
    cells.run(cell, () => {
      cells.running = undefined;
      background.fail(error);
      background.fail(error);
    });
    expect(background.take()).toEqual([{ error, origin: cell }]);
    expect(background.take()).toEqual([]);
    expect(notes).toEqual([
      [error, 7],
      [error, 7],
    ]);
  });

  test('are not counted when they only echo an interrupt', () => {
    const { cells, notes, background } = setup();
    const cell = new Cell(request('a'), 1);
    const reason = new Error('interrupted');
    cells.run(cell, () => {
      cell.fail(reason);
      cells.running = undefined;
      background.fail(new Error('the wait ended', { cause: reason }));
    });
    expect(background.take()).toEqual([]);
    expect(notes).toEqual([]);
  });
});

describe('what goes to another thread', () => {
  test('goes together, in its order, and at once with what cannot wait', async () => {
    const posts: string[][] = [];
    const outbox = new Outbox<string>((all) => posts.push(all));
    outbox.add('result');
    outbox.add('reply');
    await null;
    outbox.add('idle');
    expect(posts).toEqual([]);
    await new Promise(setImmediate);
    expect(posts).toEqual([['result', 'reply', 'idle']]);
    outbox.add('busy');
    outbox.addNow('text');
    expect(posts.slice(1)).toEqual([['busy', 'text']]);
    await new Promise(setImmediate);
    expect(posts).toHaveLength(2);
  });
});

describe('shutdown', () => {
  test('runs every hook once, also when one fails or was taken back', async () => {
    const shutdown = new Shutdown();
    const ran: string[] = [];
    shutdown.add(() => ran.push('a'));
    shutdown.add(() => Promise.reject(new Error('on purpose')));
    shutdown.add(() => {
      throw new Error('on purpose');
    });
    const back = shutdown.add(() => ran.push('b'));
    back();
    await Promise.all([shutdown.run(), shutdown.run()]);
    expect(ran).toEqual(['a']);
  });

  test('does not wait longer than two seconds', async () => {
    const shutdown = new Shutdown();
    shutdown.add(() => new Promise(() => {}));
    const hanging = setTimeout(() => {}, 10_000);
    await shutdown.run();
    clearTimeout(hanging);
  });
});

test('the address is that of the connection file', () => {
  const file = { ip: '127.0.0.1', transport: 'tcp' } as Parameters<typeof endpoint>[0];
  expect(endpoint(file, 5)).toBe('tcp://127.0.0.1:5');
  expect(endpoint({ ...file, ip: '::1' }, 5)).toBe('tcp://[::1]:5');
  expect(endpoint({ ...file, transport: 'ipc', ip: '/x/k' }, 5)).toBe('ipc:///x/k-5');
});
