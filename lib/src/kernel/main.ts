import { messageOf } from '../errors.js';
import { installHost } from '../host.js';
import { Background } from './background.js';
import { Cells } from './cells.js';
import { readConnectionFile } from './connection.js';
import { createHost } from './display.js';
import { Engine } from './engine.js';
import { KeyboardInterrupt } from './errors.js';
import { ExecutionService } from './execution.js';
import { CellExecutor } from './executor.js';
import { IoPub } from './iopub.js';
import { Kernel } from './kernel.js';
import { LateOutputLog } from './late.js';
import { log } from './log.js';
import { captureStreams, CellOutput } from './output.js';
import { Positions } from './positions.js';
import { guardExit, watchServer } from './process.js';
import { Shutdown } from './shutdown.js';
import { Sockets } from './sockets.js';
import { WarmUp } from './warmup.js';
import { Wire } from './wire.js';

/** Puts the parts together and listens. The argument is the path of the connection file. */
async function start(): Promise<void> {
  const file = readConnectionFile(process.argv[2]);
  const wire = new Wire(file.key, file.signature_scheme);
  const sockets = new Sockets();
  const iopub = new IoPub(wire, sockets);
  const cells = new Cells();
  const positions = new Positions();
  const output = new CellOutput(cells, iopub, new LateOutputLog());
  const show = output.show.bind(output);
  const shutdown = new Shutdown();

  let loaded: Engine | undefined;
  const engine = () => (loaded ??= new Engine(positions, show));
  const background: Background = new Background(
    cells,
    (cell, failure) => executor.failInBackground(cell, failure),
    ({ error, origin }) => {
      const lines = ['Failed in the background:', ...executor.describe(error).traceback];
      output.write('stderr', `${lines.join('\n')}\n`, origin);
    },
  );
  const executor: CellExecutor = new CellExecutor(cells, background, positions, engine);
  const execution = new ExecutionService(executor, { wire, iopub, transport: sockets });
  const interrupt = () => cells.running && executor.fail(cells.running, new KeyboardInterrupt());
  const prepareToEnd = () => {
    interrupt();
    return shutdown.run();
  };
  const end = async () => {
    await prepareToEnd();
    iopub.flush();
    await sockets.flushed();
    exit(0);
  };
  const warmUp = new WarmUp(engine, () => cells.running !== undefined);
  const onIdle = () => warmUp.touch();
  const kernel = new Kernel({ wire, transport: sockets, iopub, execution, engine, interrupt, prepareToEnd, end, onIdle });

  installHost(createHost({ cells, background, shutdown, show }));
  background.listen();
  captureStreams((name, text) => output.write(name, text));
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', end).on('SIGHUP', end);
  watchServer(end);
  await sockets.listen(file, (channel, frames) => kernel.receive(channel, frames));
  iopub.status('starting');
}

const exit = guardExit();
start().catch((error: unknown) => {
  log(messageOf(error));
  exit(1);
});
