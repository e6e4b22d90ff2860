import { closeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from '../../errors.js';
import { errorLines, openLog, readLog } from '../../log.js';
import { installed, stateDir } from '../../paths.js';
import { privateFolder } from '../../private.js';
import { writeWhole } from '../../processes/files.js';
import { spawnGuarded } from '../../processes/guarded.js';
import { causeOfEnd } from './cause.js';
import { javaArguments, javaEnvironment } from './java.js';
import { propertiesText, serverSettings } from './settings.js';

/**
 * Formats `dir`/log with Kafka's own tool: slower by a second, and right for every version of Kafka.
 * @throws LabError BROKER_FAILED
 */
export async function formatByTool(node: {
  dir: string;
  nodeId: number;
  clusterId: string;
}): Promise<void> {
  const { java, jars } = installed();
  const { dir, nodeId, clusterId } = node;
  const logFile = stateDir('logs', 'kafka-format.log');
  const properties = join(dir, 'server.properties');
  const tmp = join(dir, 'tmp');
  privateFolder(tmp);
  // The tool looks at the settings only as far as it needs the folder: the ports are of no account here.
  const ports = { broker: 9092, controller: 9093 };
  const voters = [{ nodeId, controllerPort: ports.controller }];
  writeWhole(properties, propertiesText(serverSettings({ nodeId, ports, voters, logDir: 'log' })));
  const main = [
    'kafka.tools.StorageTool',
    'format',
    '--ignore-formatted',
    '-t',
    clusterId,
    '-c',
    properties,
  ];
  const { file, from } = openLog(logFile);
  const paths = { main, tmp, logs: dirname(logFile) };
  const command = [java, ...javaArguments({ jars }, { kind: 'jars' }, paths)];
  const tool = await spawnGuarded(command, {
    cwd: dir,
    env: javaEnvironment(),
    output: file,
  }).finally(() => closeSync(file));
  const { code } = await tool.exited;
  if (code === 0) return;
  const log = readLog(logFile, from);
  const cause = causeOfEnd(log, dir);
  throw new LabError('BROKER_FAILED', {
    what: "Kafka's data folder could not be formatted.",
    why: [cause?.why, errorLines(log)].filter(Boolean).join(' '),
    fix: cause?.fix ?? 'Run: npx --no kafka-lab doctor',
  });
}
