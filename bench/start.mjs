import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { leaseBroker } = require('../lib/dist/broker/index.js');
const { cachePath } = require('../lib/dist/broker/aot.js');
const { withState } = require('../lib/dist/paths.js');

const STARTS = 7;

/**
 * Seconds from asking for a Kafka to one that answers for metadata and groups, on old data, the supervisor's own start
 * included. The first start makes the data and is not counted.
 * @returns {Promise<import('./throughput.mjs').Row>}
 */
export async function brokerStart() {
  const cached = existsSync(cachePath());
  const folder = mkdtempSync(join(tmpdir(), 'kafka-lab-bench-'));
  try {
    const times = [];
    for (let i = 0; i <= STARTS; i++) {
      const began = performance.now();
      const lease = await withState(folder, () => leaseBroker({ holder: 'bench', linger: 0 }));
      if (i > 0) times.push((performance.now() - began) / 1000);
      await lease.release();
    }
    times.sort((a, b) => a - b);
    const median = times[STARTS >> 1] ?? NaN;
    return {
      what: `start of Kafka, ${cached ? 'with' : 'without'} its class cache`,
      figure: `${median.toFixed(2)} s (${times[0]?.toFixed(2)} to ${times.at(-1)?.toFixed(2)})`,
      bound: `at most ${cached ? 0.8 : 1.5} s`,
      raw: times,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
