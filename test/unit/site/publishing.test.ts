import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../../lib/src/site/index.ts';
import { publish } from '../../../lib/src/site/publishing.ts';
import { folderForTest } from '../../support/folder.ts';

const site = (...paths: string[]) => new Map(paths.map((path) => [path, `of ${path}`]));

test('what an earlier site has left goes, and what others put there stays', () => {
  const folder = folderForTest();
  mkdirSync(join(folder, 'pictures'));
  for (const path of ['CNAME', 'notes.html', 'pictures/own.svg'])
    writeFileSync(join(folder, path), 'mine');
  publish(site('index.html', '05-scaling.html', 'pictures/05-scaling.svg'), folder);
  publish(site('index.html', '05-more.html'), folder);
  expect(readdirSync(folder).toSorted()).toEqual(
    ['05-more.html', 'CNAME', 'assets', 'index.html', 'notes.html', 'pictures'].toSorted(),
  );
  expect(readdirSync(join(folder, 'pictures'))).toEqual(['own.svg']);
  expect(readFileSync(join(folder, '05-more.html'), 'utf8')).toBe('of 05-more.html');
});

test.each([
  '["../outside.html", "pictures/../../outside.html", "/etc/hosts.html", "assets", 7]',
  '["notes.html',
])('a list that somebody changed or cut costs no file: %s', (list) => {
  const folder = folderForTest();
  const output = join(folder, 'site');
  mkdirSync(join(output, 'assets'), { recursive: true });
  writeFileSync(join(output, 'assets', 'files.json'), list);
  const others = [join(folder, 'outside.html'), join(output, 'notes.html')];
  for (const file of others) writeFileSync(file, 'mine');
  publish(site('index.html'), output);
  for (const file of others) expect(readFileSync(file, 'utf8')).toBe('mine');
});

test('a site of a renamed lesson has no page of the old name; one that fails leaves the last one whole', async () => {
  const executed = folderForTest();
  const output = folderForTest();
  const title = { id: 'title', cell_type: 'markdown', metadata: {}, source: '# 97 · New' };
  writeFileSync(join(executed, '97-new.ipynb'), JSON.stringify({ cells: [title], metadata: {} }));
  const options = { executed, output, repository: undefined };
  const page = (name: string) => existsSync(join(output, `${name}.html`));
  publish(site('index.html', '97-old.html'), output);
  await expect(makeSite({ ...options, names: ['97-new', '97-missing'] })).rejects.toThrow();
  expect([page('97-old'), page('97-new')]).toEqual([true, false]);
  await makeSite({ ...options, names: ['97-new'] });
  expect([page('97-old'), page('97-new')]).toEqual([false, true]);
});
