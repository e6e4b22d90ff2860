import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installed, labDir, root } from '../paths.js';
import { argument } from '../shell.js';
import type { Examined, Finding, Probe } from './examination.js';

const run = promisify(execFile);
/** In ms: a cold disk is slow, a program that hangs is slower. */
const LIMIT = 8000;

const ASK_PYTHON = `
import json, platform
from importlib.metadata import version
print(json.dumps({'Python': platform.python_version(), 'JupyterLab': version('jupyterlab')}))`;

/** What runs with what. Programs of set-up that do not run are findings. */
export const versions: Probe = {
  name: 'Versions',
  limit: LIMIT + 1000,
  fix: 'npm run setup',
  look: async () => {
    const { python, java, kafkaVersion } = installed();
    const [ofPython, ofJava] = await Promise.all([askPython(python), askJava(java)]);
    return versionsExamined(
      {
        'the lab': versionIn(join(root, 'package.json')),
        Node: process.versions.node,
        ...ofPython,
        ...ofJava,
        Kafka: kafkaVersion,
        kafkajs: versionIn(require.resolve('kafkajs/package.json')),
      },
      // uv links files from its cache: what is broken here may be broken there.
      `rm -r ${argument(join(labDir, 'venv'))} && UV_NO_CACHE=1 npm run setup`,
    );
  },
};

/** A program whose version is an Error does not run. */
export function versionsExamined(
  found: Record<string, string | Error>,
  newEnvironment: string,
): Examined {
  const broken = Object.entries(found).filter(([, version]) => version instanceof Error);
  const said = broken.map(([name, error]) => `${name} does not run: ${(error as Error).message}`);
  const findings: Finding[] = said.length
    ? [{ what: `${said.join('. ')}.`, fix: newEnvironment }]
    : [];
  const shown = Object.entries(found).map(([name, version]) =>
    version instanceof Error ? `${name} unknown` : `${name} ${version}`,
  );
  const facts = Object.fromEntries(
    Object.entries(found).map(([name, v]) => [name, v instanceof Error ? null : v]),
  );
  return { lines: [shown.join(', ')], facts, findings };
}

async function askPython(python: string): Promise<Record<string, string | Error>> {
  try {
    const { stdout } = await run(python, ['-I', '-c', ASK_PYTHON], { timeout: LIMIT });
    return JSON.parse(stdout) as Record<string, string>;
  } catch (error) {
    return { Python: reasonOf(error) };
  }
}

async function askJava(java: string): Promise<Record<string, string | Error>> {
  try {
    const { stdout, stderr } = await run(java, ['-version'], { timeout: LIMIT });
    return { Java: /version "([^"]+)"/.exec(stdout + stderr)?.[1] ?? new Error('no version') };
  } catch (error) {
    return { Java: reasonOf(error) };
  }
}

function reasonOf(error: unknown): Error {
  const { killed, stderr, message } = error as Error & { killed?: boolean; stderr?: string };
  if (killed) return new Error(`nothing came within ${LIMIT / 1000} s`);
  return new Error(stderr?.trim().split('\n').at(-1)?.trim() || message);
}

function versionIn(file: string): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
