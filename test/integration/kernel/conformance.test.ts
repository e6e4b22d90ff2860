import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT, temporaryState } from '../../support/command.ts';
import { testPython } from '../../support/headless-tools.ts';

const state = temporaryState();
afterAll(() => {
  expect(state.end(), 'what the suite left behind').toEqual([]);
  rmSync(state.path, { recursive: true, force: true });
});

/** What is not there to be tested, and why: see kernel_conformance.py. */
const SKIPPED = { test_pager: 'skipped: No code page something' };
const PASSED = [
  ...['test_clear_output', 'test_completion', 'test_display_data', 'test_error'],
  ...['test_execute_result', 'test_execute_stderr', 'test_execute_stdout', 'test_history'],
  ...['test_inspect', 'test_is_complete', 'test_kernel_info'],
];

test('the kernel as it is registered passes all of jupyter_kernel_test that applies', async () => {
  const script = join(ROOT, 'test', 'support', 'kernel_conformance.py');
  const { output } = await testPython([script], state.path).ended;
  const json = /^\{.*\}$/m.exec(output);
  expect(json, output).not.toBeNull();
  const passed = Object.fromEntries(PASSED.map((name) => [name, 'ok']));
  expect(JSON.parse(json![0])).toEqual({ ...passed, ...SKIPPED });
}, 120_000);
