import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kill, Started, waitUntil } from '../support/command.ts';
import { freePorts } from '../support/ports.ts';
import { processesBy } from './users.ts';

/** What all users of the hub of a test log in with. */
export const HUB_PASSWORD = 'class-of-today';

/** Below a path of its own, as behind a server with other pages. */
const BASE = '/class/';

/** To end kernels and servers, in ms. */
export const ENDING = 30_000;

/**
 * A hub by the example configuration, with three changes: one password for all in place of PAM, ports of its own, and leave to
 * read a repository that is somebody else's.
 */
export interface Hub {
  /** With a slash at the end. */
  address: string;
  process: Started;
}

interface Class {
  /** The installation. */
  lab: string;
  /** Gets what the hub keeps. */
  folder: string;
  users: string[];
  /** Of Kafka, and of the notebooks. */
  env: Record<string, string>;
}

export async function startHub({ lab, folder, users, env }: Class): Promise<Hub> {
  const [port, hub, proxy] = await freePorts(3);
  const passwords = join(folder, 'passwords');
  mkdirSync(passwords, { recursive: true, mode: 0o700 });
  for (const user of users) writeFileSync(join(passwords, user), `${env['KAFKA_SASL_PASSWORD']}\n`);
  const config = join(folder, 'test_config.py');
  writeFileSync(
    config,
    [
      `load_subconfig(${JSON.stringify(join(lab, 'hub', 'jupyterhub_config.py'))})`,
      'c.JupyterHub.authenticator_class = "dummy"',
      `c.DummyAuthenticator.password = "${HUB_PASSWORD}"`,
      `c.Authenticator.allowed_users = set(${JSON.stringify(users)})`,
      `c.JupyterHub.hub_bind_url = "http://127.0.0.1:${hub}"`,
      `c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${proxy}"`,
      'c.Spawner.env_keep += ["GIT_CONFIG_GLOBAL"]',
    ].join('\n'),
  );
  const address = `http://127.0.0.1:${port}${BASE}`;
  const { KAFKA_SASL_USERNAME: _, KAFKA_SASL_PASSWORD: __, KAFKA_LAB_PREFIX: ___, ...rest } = env;
  const hubEnv = { ...rest, KAFKA_LAB_HUB_URL: address, KAFKA_LAB_PASSWORDS: passwords };
  const program = join(lab, '.lab', 'venv', 'bin', 'jupyterhub');
  const started = new Started(program, ['--config', config], hubEnv, { cwd: folder });
  await started.says(/JupyterHub is now running/, 120_000);
  return { address, process: started };
}

/** Asks the hub of an installation to end, which ends its proxy; ends what of them is there still after a while. */
export async function endHub(lab: string): Promise<void> {
  const left = () => processesBy(0).filter(({ command }) => lab && command.includes(lab));
  const hubs = left().filter(({ command }) => command.includes('/bin/jupyterhub '));
  for (const { pid } of hubs) kill(pid, 'SIGTERM');
  try {
    await waitUntil(() => left().length === 0, 'the hub and its proxy to end', ENDING);
  } finally {
    for (const { pid } of left()) kill(pid, 'SIGKILL');
  }
}
