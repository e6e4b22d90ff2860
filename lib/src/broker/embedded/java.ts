import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../errors.js';
import type { Installed } from '../../paths.js';

/** What decides whether an AOT cache fits, besides Java and the class path. */
const FLAGS = [
  '-Xmx256m',
  '-Xms80m',
  '-Xmn48m', // two collections while it starts, not five; 165 MB in all
  '-XX:+UseSerialGC', // the smallest collector, and no threads of its own
  '-XX:TieredStopAtLevel=1', // starts faster; a lesson never gets hot enough for the optimising compiler
  '-XX:+ExitOnOutOfMemoryError', // a broker that limps is worse than one that is gone and says so
  '-XX:-UsePerfData', // nothing left in /tmp
];

/** What slf4j-simple writes to standard output. Log4j would cost a tenth of the start; Kafka asks its API for a logger all the same. */
const LOGGING = [
  '-Dorg.slf4j.simpleLogger.logFile=System.out',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
  '-Dorg.slf4j.simpleLogger.showThreadName=false',
  // A start tells 1,400 lines at INFO, most of them settings: a tenth of its time. Why it dies is told at WARN or ERROR.
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory',
];

/** Verifying bytecode takes a sixth of the start. Set-up has compared the sum of every jar. */
const UNVERIFIED = ['-XX:+UnlockDiagnosticVMOptions', '-XX:-BytecodeVerificationRemote'];

/** How the JVM gets its classes: checked as it loads them, or from a cache made before; or making that cache. */
export type ClassSource =
  | { kind: 'jars' }
  | { kind: 'cache'; cache: string }
  | { kind: 'record'; configuration: string }
  | { kind: 'create'; configuration: string; cache: string };

/** Arguments of `java` that run a class of Kafka's. `tmp` takes the native libraries that it unpacks. */
export function javaArguments(
  { jars }: Pick<Installed, 'jars'>,
  source: ClassSource,
  { main, tmp, logs }: { main: readonly string[]; tmp: string; logs: string },
): string[] {
  return [
    ...FLAGS,
    ...sourceFlags(source),
    `-Djava.io.tmpdir=${tmp}`,
    `-XX:ErrorFile=${join(logs, 'java-crash-%p.log')}`,
    ...LOGGING,
    '-cp',
    jars.join(':'),
    ...main,
  ];
}

function sourceFlags(source: ClassSource): string[] {
  switch (source.kind) {
    case 'jars':
      return UNVERIFIED;
    case 'cache':
      return [
        `-XX:AOTCache=${source.cache}`,
        ...UNVERIFIED,
        '-XX:ArchiveRelocationMode=0', // at the address it was made for: nothing to correct in it
        '-XX:-AOTReplayTraining', // made for the optimising compiler
      ];
    case 'record':
      return ['-XX:AOTMode=record', `-XX:AOTConfiguration=${source.configuration}`];
    case 'create':
      return [
        '-XX:AOTMode=create',
        `-XX:AOTConfiguration=${source.configuration}`,
        `-XX:AOTCache=${source.cache}`,
      ];
  }
}

/**
 * Java finds its own libraries by /proc, and says that they are missing where that is not mounted.
 * @throws LabError BROKER_FAILED
 */
export function requireProc(proc = '/proc'): void {
  if (process.platform !== 'linux' || existsSync(`${proc}/self/stat`)) return;
  throw new LabError('BROKER_FAILED', {
    what: 'Java cannot run here: /proc is not mounted.',
    why: 'Kafka and the queue run on Java, which finds its own libraries there. Some sandboxes hide it.',
    fix: 'Run the lab where /proc is: mount -t proc proc /proc',
  });
}

/** The environment for Java: without what would change its command line, and able to read any file name. */
export function javaEnvironment(): NodeJS.ProcessEnv {
  const { JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS, _JAVA_OPTIONS, CLASSPATH, ...rest } = process.env;
  void [JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS, _JAVA_OPTIONS, CLASSPATH];
  // In the POSIX locale Java cannot open a path with letters outside ASCII. Fewer arenas: 10 MB less memory.
  return {
    ...rest,
    LC_ALL: process.platform === 'linux' ? 'C.UTF-8' : rest['LC_ALL'],
    MALLOC_ARENA_MAX: '2',
  };
}

/** Changes when a cache made before no longer fits: another Java, jar or flag. */
export function javaFingerprint({ java, jars }: Pick<Installed, 'java' | 'jars'>): string {
  const hash = createHash('sha256').update(FLAGS.join(' '));
  for (const path of [java, ...jars]) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`\n${path} ${size} ${mtimeMs}`);
  }
  return hash.digest('hex').slice(0, 16);
}
