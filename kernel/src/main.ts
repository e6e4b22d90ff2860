import { ExecutionService } from './cells/execution.js';
import { TypeScriptProcess } from './checker/process.js';
import { RestartingChecker } from './checker/restarting.js';
import { deathNote } from './death.js';
import { messageOf } from './explained.js';
import { offerHost } from './host.js';
import { CHECKER, shared } from './interrupt/shield.js';
import { Kernel } from './kernel.js';
import { log } from './log.js';
import { readOptions } from './options.js';
import { guardExit } from './process.js';
import { WarmUp } from './running/warmup.js';
import { Runtime } from './runtime.js';
import { readConnectionFile } from './transport/connection.js';
import { lastWords, redirectDescriptors } from './transport/descriptors.js';
import { IoPub } from './transport/iopub.js';
import { SocketsThread } from './transport/sockets-thread.js';
import { Wire } from './transport/wire.js';

/** Puts the kernel together and listens where the connection file says. */
async function start(exit: (code: number) => never): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const { connectionFile: path, lateOutput, packages } = options;
  const file = readConnectionFile(path);
  const note = deathNote(lastWords(path));
  const descriptors = redirectDescriptors(path, options.logDescriptor);
  const wire = new Wire(file.key, file.signature_scheme);
  process.on('SIGINT', () => {}); // until the thread that handles it is up
  const transport = new SocketsThread({ file, descriptors, lateOutput });
  const tell = (pid: number, isThere: boolean) => {
    if (isThere) Atomics.store(shared, CHECKER, pid);
    else Atomics.compareExchange(shared, CHECKER, pid, 0); // another one may be there by now
  };
  const checker = new RestartingChecker(
    () => new TypeScriptProcess(process.cwd(), { tell, packages }),
  );
  checker.begin(); // it gets ready while that thread starts
  const iopub = new IoPub(wire, transport);
  const runtime = new Runtime(iopub, checker, options);
  const execution = new ExecutionService(runtime.executor, { wire, iopub, transport }, note);
  const warmUp = new WarmUp(runtime.engine, () => runtime.busy);
  const end = async () => {
    transport.ending();
    warmUp.end();
    await runtime.end();
    iopub.flush();
    checker.close();
    await transport.close();
    exit(0);
  };
  const onIdle = () => warmUp.touch();
  const kernel = new Kernel({ options, wire, transport, iopub, execution, runtime, end, onIdle });

  offerHost(runtime.host);
  runtime.attach();
  process.on('SIGTERM', end).on('SIGHUP', end);
  const events = { interrupted: runtime.interrupt, orphaned: end };
  await transport.listen((channel, frames) => kernel.receive(channel, frames), events);
  iopub.status('starting');
}

const exit = guardExit();
start(exit).catch((error: unknown) => {
  log(messageOf(error));
  exit(1);
});
