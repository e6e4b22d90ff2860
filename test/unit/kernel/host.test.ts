import { stripVTControlCharacters as plain } from 'node:util';
import { expect, expectTypeOf, test } from 'vitest';
import { describeError } from '../../../kernel/src/errors/errors.ts';
import { Positions } from '../../../kernel/src/errors/positions.ts';
import { KernelError } from '../../../kernel/src/explained.ts';
import { type Host as Offered, offerHost } from '../../../kernel/src/host.ts';
import { LabError } from '../../../lib/src/errors.ts';
import { type Host as Asked, host } from '../../../lib/src/host.ts';
import { input } from '../../../lib/src/notebook.ts';

test('the host that the kernel offers is one that the library asks for, and finds', async () => {
  expectTypeOf<Offered>().toExtend<Asked>();
  const refusal = { what: 'Nobody can answer.', why: 'It is night.', fix: 'Wait.' };
  const offered: Partial<Offered> = {
    input: () => Promise.reject(new KernelError('NO_INPUT', refusal)),
  };
  offerHost(offered as Offered);
  expect(host()).toBe(offered);
  await expect(input('Name?')).rejects.toMatchObject({ name: 'LabError', ...refusal });
});

test('the kernel shows an error of the library by its sentences', () => {
  const error = new LabError('TIMED_OUT', { what: 'What.', why: 'Why.', fix: 'Fix.' });
  const { traceback } = describeError(error, new Positions());
  expect(traceback.map(plain)).toEqual(['LabError: What.', 'Why.', 'Fix.']);
});
