import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lessonContents } from '../../../lib/src/lessons/contents.ts';
import { root } from '../../../lib/src/paths.ts';

const text = readFileSync(join(root, 'docs', 'teaching-plans.md'), 'utf8');
const [, ...sections] = text.split(/^## /m);
/** Of each plan the minutes of its half hours: `| 9:30 | 02 (15), questions (15) | … |`. */
const plans = sections.flatMap((section) => {
  const rows = [...section.matchAll(/^\| \d+:\d0 \| ([^|]+) \|/gm)].map(([, parts]) =>
    [...parts!.matchAll(/([^,]+?) \((\d+)\)/g)].map(
      ([, what, minutes]) => [what!.trim(), Number(minutes)] as const,
    ),
  );
  return rows.length > 0 ? [{ title: section.split('\n', 1)[0]!, rows }] : [];
});

test('the teaching plans are for 90 minutes, half a day and a day', () => {
  expect(plans.map(({ rows }) => rows.length * 30)).toEqual([90, 4 * 60, 8 * 60]);
});

test.each(plans)(
  '$title: half hours are full, and lessons get the time that they state',
  ({ rows }) => {
    for (const row of rows) expect({ row, sum: sum(row) }).toEqual({ row, sum: 30 });
    const lessons = rows.flat().filter(([what]) => /^\d\d$/.test(what));
    for (const number of new Set(lessons.map(([what]) => what))) {
      const { minutes } = lessonContents().find(({ name }) => name.startsWith(`${number}-`))!;
      const planned = sum(lessons.filter(([what]) => what === number));
      expect({ number, planned }).toEqual({ number, planned: minutes });
    }
  },
);

function sum(parts: readonly (readonly [string, number])[]): number {
  return parts.reduce((total, [, minutes]) => total + minutes, 0);
}
