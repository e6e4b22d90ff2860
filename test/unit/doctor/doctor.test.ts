import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { forPeople } from '../../../lib/src/cli/doctor.ts';
import { diskExamined } from '../../../lib/src/doctor/disk.ts';
import { type Examined, examine, type Probe } from '../../../lib/src/doctor/examination.ts';
import { lookQuickly } from '../../../lib/src/doctor/quick.ts';
import { versionsExamined } from '../../../lib/src/doctor/versions.ts';
import { withState } from '../../../lib/src/paths.ts';
import { argument } from '../../../lib/src/shell.ts';
import { examinedLeftovers } from '../../../lib/src/terminal/reset/leftovers-probe.ts';
import { recordingHost } from '../../support/lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const well: Examined = { lines: ['fine'], facts: { n: 1 }, findings: [] };
const probe = (look: Probe['look'], limit = 1000): Probe => ({
  ...{ name: 'Part', limit, fix: 'mend it', look },
});

test('a look that throws or hangs is a finding with a command, and holds up no other', async () => {
  const found = await examine([
    probe(() => {
      throw new Error('no such luck');
    }),
    probe(() => new Promise(() => undefined), 20),
    probe(() => well),
  ]);
  expect(found.map(({ findings }) => findings)).toEqual([
    [{ what: 'Part could not be looked at: no such luck', fix: 'mend it' }],
    [{ what: 'Part could not be looked at: nothing came within 0.02 s', fix: 'mend it' }],
    [],
  ]);
  expect(forPeople(found.slice(2))).toEqual(['Part  fine', '', '✓ All is well.']);
  expect(forPeople(found.slice(0, 1)).slice(-2)).toEqual([
    '✗ Part could not be looked at: no such luck',
    '  To mend it: mend it',
  ]);
});

test('a full disk is mended by deleting what is largest of what the lab can spare', () => {
  const MB = 1024 ** 2;
  const fixOf = (free: number, topics: number, build: number) =>
    diskExamined({ free: free * MB, topics: topics * MB, build: build * MB }).findings[0]?.fix;
  expect(fixOf(501, 9000, 9000)).toBeUndefined();
  expect(fixOf(499, 300, 200)).toBe('npx --no kafka-lab reset topics');
  expect(fixOf(499, 200, 300)).toMatch(/^rm -r .*build$/);
  expect(fixOf(499, 1, 1)).toBe('npm cache clean --force');
});

test('a program that does not run is a finding, its version unknown', () => {
  const { lines, facts, findings } = versionsExamined(
    { Node: '20.19.0', Java: new Error('exec format error') },
    'renew',
  );
  expect(lines).toEqual(['Node 20.19.0, Java unknown']);
  expect(facts).toEqual({ Node: '20.19.0', Java: null });
  expect(findings).toEqual([{ what: 'Java does not run: exec format error.', fix: 'renew' }]);
});

test('members and what else runs left are findings; nothing left is none', () => {
  const none = { members: [], groups: [], topics: [] };
  expect(examinedLeftovers(none).findings).toEqual([]);
  const left = { group: 'g', member: 'm', memberId: 'm-secret-1', type: 'classic' };
  const found = examinedLeftovers({ members: [left], groups: ['g.05.abc'], topics: ['t.05.abc'] });
  expect(found.findings.map(({ what }) => what)).toEqual([
    'A stale member has no process any more: m of group g.',
    'Left by runs that are over: topic t.05.abc, group g.05.abc.',
  ]);
});

test('any path is one argument of a shell, or a plain word', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) => {
      const shown = argument(`/x/${name}`, '/y');
      const plain = /^[\w./@:+-]+$/.test(shown);
      expect(plain || /^'([^']|'\\'')*'$/.test(shown)).toBe(true);
    }),
  );
  expect(argument('/lab/build', '/lab')).toBe('build');
});

test('the first cell shows findings alone, and does not fail of a look that does', () => {
  const host = recordingHost();
  withState(folder, () => lookQuickly());
  expect(host.shown).toEqual([]);
  const broken = () => {
    throw new Error('broken');
  };
  lookQuickly([broken, () => [{ what: 'The disk is full.', fix: 'make room' }]]);
  expect(host.shown).toEqual([{ 'text/plain': '✗ The disk is full.\n  To mend it: make room' }]);
});
