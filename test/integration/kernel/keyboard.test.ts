import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goAhead } from '../../support/go-ahead.ts';
import { KernelClient } from '../../support/kernel-client.ts';

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
  const { error } = await kernel.execute(`
    import { Kafka } from 'kafkajs';
    import { clearOutput, input } from 'kafka-lab';
    /**
     * Takes in an order of {@link Item}s.
     * @param id the number of the order
     * @example makeOrder(1)
     */
    function makeOrder(id: number, amount = 1) { return { id, amount, 'content-type': 'x' }; }
    class Order {}
    interface Item { price: number; weigh(): number }
    type Color = 'red' | 'green';
    const paint = (color: Color) => color;
    let orders = [makeOrder(1)];
    const item = undefined as Item | undefined;`);
  expect(error).toBeUndefined();
});
afterAll(() => kernel.close());

/** The code without its |, and where that stood, as the wire counts. */
function atCursor(marked: string) {
  const [before = '', after = ''] = marked.split('|');
  return { code: before + after, cursor_pos: [...before].length };
}

describe('completion', () => {
  const complete = async (marked: string) => {
    const { code, cursor_pos } = atCursor(marked);
    const reply = await kernel.request('complete_request', { code, cursor_pos });
    expect(reply['status']).toBe('ok');
    const typed = reply['metadata']['_jupyter_types_experimental'] as Record<string, string>[];
    expect(typed.map(({ text }) => text)).toEqual(reply['matches']);
    for (const { start, end } of typed) {
      expect([start, end]).toEqual([reply['cursor_start'], reply['cursor_end']]);
    }
    const replaced = [...code].slice(reply['cursor_start'], reply['cursor_end']).join('');
    return { names: typed.map(({ text, type }) => `${text}: ${type}`), replaced };
  };

  test.each([
    // Names of earlier cells, each for what it is, imported ones too.
    ['Ord|', 'Order: class', 'Ord'],
    ['make|', 'makeOrder: function', 'make'],
    ['orde|', 'orders: variable', 'orde'],
    ['const one: Ite|', 'Item: interface', 'Ite'],
    ['const one: Col|', 'Color: type', 'Col'],
    ['new Kaf|', 'Kafka: class', 'Kaf'],
    ['interf|', 'interface: keyword', 'interf'],
    // Members, also of what may be undefined, and counted in code points.
    ['"😀"; orders[0].am|', 'amount: property', 'am'],
    ['item.we|', 'weigh: method', 'we'],
    ['item?.pr|', 'price: property', 'pr'],
    ['orders.filte|', 'filter: method', 'filte'],
    // In what is half written.
    ['for (const o of orders) { if (o.|', 'amount: property', ''],
    ['const kafka = new Kafka({ clientId: "a", bro|', 'brokers: property', 'bro'],
    ['await Promise.al|', 'all: method', 'al'],
    // In strings: values of a type, keys, packages, Node's own modules.
    ['paint("|")', 'green: string', ''],
    ['orders[0]["content-t|"]', 'content-type: property', 'content-t'],
    ['import { Kafka } from "kafkaj|"', 'kafkajs: module', 'kafkaj'],
    ['import { join } from "node:pa|"', 'node:path: module', 'node:pa'],
    ['import { rm } from "node:fs/pro|"', 'promises: module', 'pro'],
    ['import { cle| } from "kafka-lab"', 'clearOutput: function', 'cle'],
  ])('at %s offers %s first', async (marked, first, replaced) => {
    const found = await complete(marked);
    expect(found).toEqual({ names: expect.any(Array), replaced });
    expect(found.names[0]).toBe(first);
  });

  test('offers the own names before all others, and nothing where nothing fits', async () => {
    const { names } = await complete('|');
    const global = names.indexOf('AbortController: variable');
    for (const own of ['Kafka: class', 'makeOrder: function', 'orders: variable']) {
      expect(names.indexOf(own), own).toBeGreaterThanOrEqual(0);
      expect(names.indexOf(own), own).toBeLessThan(global);
    }
    expect((await complete('const text = "ord|"')).names).toEqual([]);
    expect((await complete('// ord|')).names).toEqual([]);
  });
});

describe('inspection', () => {
  const inspect = async (marked: string) => kernel.request('inspect_request', atCursor(marked));

  test.each(['makeO|rder', 'makeOrder|', 'makeOrder(|', 'makeOrder(1, | )'])(
    'at %s shows signature, documentation and tags, as Markdown and plain',
    async (marked) => {
      const reply = await inspect(marked);
      expect(reply).toMatchObject({ status: 'ok', found: true, metadata: {} });
      const { 'text/markdown': markdown, 'text/plain': plain } = reply['data'];
      expect(markdown).toMatch(/^```typescript\nfunction makeOrder\(id: number, amount\?: number/);
      expect(markdown).toContain('\n```\n\nTakes in an order of Items.\n\n');
      expect(markdown).toContain('*@param* `id` — the number of the order');
      expect(markdown).toContain('*@example*\n```typescript\nmakeOrder(1)\n```');
      expect(plain).toContain('Takes in an order of Items.\n\n@param id the number of the order');
      expect(plain).not.toContain('`');
    },
  );

  test.each([
    ['[1].fi|nd((n) => n > 0)', 'Returns the value of the first element'],
    ["import { readFi|leSync } from 'node:fs'", 'Returns the contents of the `path`.'],
    ['process.ar|gv', 'property returns an array'],
    ['clearOut|put()', 'Clears what the cell'],
    ["new Map<string, number>().se|t('a', 1)", 'Adds a new element'],
    ['setTime|out(() => {}, 1)', 'Schedules execution of a one-time'],
  ])('at %s shows what its declaration says', async (marked, documentation) => {
    for (const time of ['first', 'second']) {
      const { 'text/plain': plain } = (await inspect(marked))['data'];
      expect(plain, time).toContain(documentation);
    }
  });

  test('says so when there is nothing to tell', async () => {
    expect(await inspect('  | ')).toMatchObject({ status: 'ok', found: false, data: {} });
  });
});

describe('whether a cell is complete', () => {
  test.each([
    ['const f = <T>(value: T) => value;', { status: 'complete' }],
    ['if (true) {', { status: 'incomplete', indent: '  ' }],
    ['class A {\n  b() {\n', { status: 'incomplete', indent: '    ' }],
    ['const text = `one\n\n', { status: 'incomplete', indent: '' }],
    ['const = ;', { status: 'invalid' }],
    ["f('one", { status: 'invalid' }],
  ])('%j: %j', async (code, expected) => {
    expect(await kernel.request('is_complete_request', { code })).toEqual(expected);
  });
});

describe('history', () => {
  const history = async (content: object) =>
    (await kernel.request('history_request', content))['history'] as unknown[][];
  const sources = async (content: object) => (await history(content)).map((line) => line[2]);

  test('tells the last cells, a range of them, and those that match', async () => {
    const first = await kernel.execute('"one"');
    await kernel.execute('"two"');
    await kernel.execute('"one"');
    await kernel.execute('"hidden"', { store_history: false });
    await kernel.execute('"silent"', { silent: true });
    const start = first.reply['execution_count'];

    const tail = { hist_access_type: 'tail', n: 3 };
    const lines = await history(tail);
    expect(lines.map((line) => line.slice(1))).toEqual([
      [start, '"one"'],
      [start + 1, '"two"'],
      [start + 2, '"one"'],
    ]);
    expect((await history({ ...tail, n: 1, output: true }))[0]?.[2]).toEqual(['"one"', null]);

    const session = lines[0]?.[0];
    const range = { hist_access_type: 'range', session, start, stop: start + 2 };
    expect(await sources(range)).toEqual(['"one"', '"two"']);
    expect(await sources({ ...range, session: 0 })).toEqual(['"one"', '"two"']);
    expect(await sources({ ...range, session: 99 })).toEqual([]);

    const search = { hist_access_type: 'search', pattern: '"?*e"' };
    expect(await sources(search)).toEqual(['"one"', '"one"']);
    expect(await sources({ ...search, n: 1 })).toEqual(['"one"']);
    expect(await history({ ...search, unique: true })).toEqual([[session, start + 2, '"one"']]);
    expect(await sources({ ...search, pattern: 'one' })).toEqual([]);
  });
});

describe('input', () => {
  const ask = (code: string) =>
    kernel.send('shell', 'execute_request', { code, allow_stdin: true });
  let questions = 0;
  const question = () => kernel.question(++questions);

  test('asks the client that sent the cell, after what was written before', async () => {
    const id = await ask(
      'console.log("first"); console.log(await input("Name? ", { password: true }));',
    );
    const asked = await question();
    expect(asked).toMatchObject({ type: 'input_request', parent: id });
    expect(asked.content).toEqual({ prompt: 'Name? ', password: true });
    await kernel.until('the text before', () =>
      kernel.of(id).some((m) => m.content['text'] === 'first\n'),
    );
    await kernel.respond(asked, 'Ada');
    expect((await kernel.answer(id)).stdout).toBe('first\nAda\n');
  });

  test('asks one question at a time', async () => {
    const id = await ask('console.log((await Promise.all([input("1"), input("2")])).join());');
    for (const answer of ['a', 'b']) {
      const asked = await question();
      expect(kernel.asked).toHaveLength(questions);
      await kernel.respond(asked, answer);
    }
    expect((await kernel.answer(id)).stdout).toBe('a,b\n');
  });

  test('ends with an interrupt, and drops what is answered after it', async () => {
    const id = await ask('await input("Go on? ")');
    const stale = await question();
    await kernel.request('interrupt_request', {}, 'control');
    expect((await kernel.answer(id)).error?.['ename']).toBe('KeyboardInterrupt');
    const next = await ask('console.log(await input("And now? "))');
    const asked = await question();
    await kernel.respond(stale, 'too late');
    await kernel.respond(asked, 'in time');
    expect((await kernel.answer(next)).stdout).toBe('in time\n');
  });

  test('headless, takes the default and says so, or fails with what to do', async () => {
    const withDefault = await kernel.execute(
      'console.log(await input("Name? ", { default: "Ada" }))',
      { allow_stdin: false },
    );
    expect(withDefault.stdout).toBe('Name? Ada (the default: nobody was asked)\nAda\n');
    const { error } = await kernel.execute('await input("Name? ")', { allow_stdin: false });
    expect(error).toMatchObject({
      ename: 'LabError',
      evalue: expect.stringMatching(/^Nobody can answer “Name\?”\. .*headless.* \{ default: /),
    });
    expect(kernel.asked).toHaveLength(questions);
  });

  test('is refused to what goes on after its cell', async () => {
    const go = goAhead(kernel);
    const id = await ask(
      `void ${go.given}.then(() => input("Late? ")).catch((e) => console.log(e.message));`,
    );
    await kernel.answer(id);
    go.give();
    await kernel.until('the refusal', () =>
      kernel.of(id).some(({ content }) => content['text']?.includes('Only a cell that still runs')),
    );
  });
});
