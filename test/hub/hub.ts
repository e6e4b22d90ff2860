import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Started } from '../support/command.ts';
import { freePorts } from '../support/ports.ts';

/** What all users of the hub of a test log in with. */
export const HUB_PASSWORD = 'class-of-today';

/** Below a path of its own, as behind a server with other pages. */
const BASE = '/class/';

/** A hub by the example configuration, which is changed in nothing but who may come in, and ports. */
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
