import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOptions } from '../src/options.ts';
import { LateOutputLog } from '../src/transport/late.ts';
import { folderForTest } from './folder.ts';

test('without arguments, the kernel runs by itself: its own name, and nothing kept or hidden', () => {
  const own = { name: 'ts-notebook-kernel', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) };
  const none = { lateOutput: undefined, logDescriptor: undefined };
  expect(readOptions(['/tmp/c.json'])).toEqual({
    ...{ connectionFile: '/tmp/c.json', hidden: [], packages: [], ...own, ...none },
  });
});

test('all that whoever starts it can say, paths as seen from where it runs', () => {
  const args = ['/tmp/c.json', '--name=lab', '--version=2.0.0', '--hide=/a', '--hide=/b'];
  const more = ['--packages=/p', '--late-output=state/late.log', '--log-descriptor=3'];
  expect(readOptions([...args, ...more])).toEqual({
    ...{ connectionFile: '/tmp/c.json', name: 'lab', version: '2.0.0', hidden: ['/a', '/b'] },
    packages: ['/p'],
    ...{ lateOutput: join(process.cwd(), 'state/late.log'), logDescriptor: 3 },
  });
});

test.each([
  [['c.json', '--nam=x'], "Unknown option '--nam'."],
  [['c.json', '--hide'], "Option '--hide <value>' argument missing."],
  [['c.json', 'd.json'], 'There is one connection file, and no d.json.'],
  [['c.json', '--name='], '--name is empty.'],
  [['c.json', '--hide=/a', '--hide='], '--hide is empty.'],
  [['c.json', '--log-descriptor=x'], '--log-descriptor is no number: “x”.'],
])('refuses %j', (args, why) => {
  expect(() => readOptions(args)).toThrow(
    expect.objectContaining({ code: 'BAD_OPTION', why, fix: expect.stringMatching(/kernelspec/) }),
  );
});

test('late output is logged for its user alone, and in as much space as is given to it', () => {
  const path = join(folderForTest(), 'logs', 'late-output.log');
  const log = new LateOutputLog(path);
  log.append(1, 'stdout', 'first');
  expect(readFileSync(path, 'utf8')).toMatch(/^\S+Z \[1\] stdout "first"\n$/);
  const modes = [path, join(path, '..')].map((each) => statSync(each).mode & 0o777);
  expect(modes).toEqual([0o600, 0o700]);
  writeFileSync(path, 'x'.repeat(6 * 1024 * 1024));
  log.append(2, 'stdout', 'second');
  log.append(3, 'stdout', 'third');
  expect(readFileSync(path, 'utf8')).toMatch(/^\S+ \[2\] .*\n\S+ \[3\] .*\n$/);
  expect(statSync(`${path}.1`).size).toBe(6 * 1024 * 1024);
  new LateOutputLog(undefined).append(4, 'stdout', 'nowhere');
  expect(existsSync('late-output.log')).toBe(false);
});
