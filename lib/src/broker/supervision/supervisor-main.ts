import { appendLog, boundLog } from '../../log.js';
import { takeLock } from '../../processes/lock.js';
import { files } from './protocol.js';
import { Supervisor } from './supervisor.js';

// Started by a client and detached from it, in a session of its own: no interrupt that is meant for a kernel or a
// terminal arrives here. If another supervisor holds the lock, that one serves.
const lock = takeLock(files.lock());
if (lock) {
  const supervisor = new Supervisor(lock, Number(process.argv[3] ?? 1));
  const end = () => void supervisor.end();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  process.on('uncaughtException', (error) => {
    appendLog(files.supervisorLog(), `${new Date().toISOString()} ${error.stack}\n`);
    process.exit(1); // the guard takes Kafka along
  });
  process.on('exit', () => lock.release());
  boundLog(files.supervisorLog()); // its own output
  void supervisor.run();
  // When .lab was deleted under it, or another took its place, it goes.
  setInterval(() => supervisor.isCurrent() || end(), 2000);
  void supervisor.ended.then(() => process.exit(0));
}
