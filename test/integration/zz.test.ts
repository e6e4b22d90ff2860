import { execSync } from 'node:child_process';
import { test } from 'vitest';
import { KernelClient } from '../support/kernel-client.ts';
test('loop', { timeout: 300_000 }, async () => {
  const kernel = await KernelClient.start();
  for (let i = 0; i < 25; i++) {
    const code = "execSync('echo early >&2; yes | head -c 3000000; echo late >&2; sleep 600', { stdio: 'inherit' })";
    await kernel.execute("const { execSync } = require('node:child_process')").catch(() => {});
    const id = await kernel.send('shell', 'execute_request', { code: code.replace('execSync', "require('node:child_process').execSync") });
    await kernel.until('what the child prints', () => kernel.of(id).some(({ content }) => (content as any)['text']?.includes('[Output cut: ')));
    const t = performance.now();
    const r = kernel.request('interrupt_request', {}, 'control').then(() => 'ireply');
    const a = kernel.answer(id).then(() => 'answer');
    const out = await Promise.all([r, a].map((p) => Promise.race([p.catch((e) => String(e).slice(0, 80)), new Promise((f) => setTimeout(f, 9000, 'TIMEOUT'))])));
    console.log(i, out.join(), Math.round(performance.now() - t));
    if (out.includes('TIMEOUT')) {
      console.log(execSync('ps -eo pid,ppid,stat,wchan:20,args --forest | grep -A6 "kernel/main.js /tmp/kernel-test" | cut -c1-150', { encoding: 'utf8' }));
      console.log(execSync("for p in $(pgrep -f 'sleep 600'); do cat /proc/$p/status | grep -E 'Name|Pid|Sig'; done; true", { encoding: 'utf8' }));
      break;
    }
  }
  await kernel.close();
});
