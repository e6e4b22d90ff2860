import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../errors.js';
import { stateDir } from '../paths.js';
import { readJson } from '../processes/files.js';
import { processCommand } from '../processes/processes.js';
import type { Finding, Probe } from './examination.js';

const ANSWER_MS = 3000;

/** What a server writes about itself; the token never leaves this file. */
interface ServerFile {
  pid: number;
  url: string;
  token: string;
}

interface Session {
  path: string;
  kernel: { execution_state: string } | null;
}

/** Which JupyterLab of this lab runs, and its kernels. */
export const jupyter: Probe = {
  name: 'JupyterLab',
  limit: ANSWER_MS + 1000,
  fix: 'npm start',
  look: async () => {
    const servers = await Promise.all(runningServers().map(askServer));
    const findings = servers.flatMap(({ finding }) => (finding ? [finding] : []));
    return {
      lines: servers.length === 0 ? ['not running'] : servers.flatMap(({ lines }) => lines),
      facts: { servers: servers.map(({ fact }) => fact) },
      findings,
    };
  },
};

/** The files of servers in the lab's own runtime folder, of those that live. */
function runningServers(): ServerFile[] {
  const folder = stateDir('jupyter', 'run');
  return namesIn(folder)
    .filter((name) => /^jpserver-\d+\.json$/.test(name))
    .map((name) => readJson<ServerFile>(join(folder, name)))
    .filter((server): server is ServerFile => isServer(server?.pid) && Boolean(server?.url));
}

/** Whether the process is a JupyterLab of the lab, and not a later one with its number. */
export function isServer(pid: number | undefined): boolean {
  return pid !== undefined && /lab_(server|singleuser)\.py/.test(processCommand(pid));
}

async function askServer({ pid, url, token: own }: ServerFile) {
  // A hub's server knows no token of its own: it asks the hub.
  const token = own || process.env['JUPYTERHUB_API_TOKEN'] || '';
  const about = `${url}, process ${pid}`;
  try {
    const response = await fetch(`${url}api/sessions`, {
      headers: { authorization: `token ${token}` },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!response.ok) throw new Error(`it answers with status ${response.status}`);
    const kernels = ((await response.json()) as Session[]).map(({ path, kernel }) => ({
      notebook: path,
      state: kernel?.execution_state ?? 'none',
    }));
    const open = kernels.map(({ notebook, state }) => `kernel of ${notebook}, ${state}`);
    return {
      lines: [about, ...(open.length > 0 ? open : ['no kernel'])],
      fact: { pid, url, kernels },
    };
  } catch (error) {
    const what = `JupyterLab (process ${pid}) does not answer: ${messageOf(error)}.`;
    const finding: Finding = { what, fix: `kill -9 ${pid}` };
    return { lines: [`${about}, does not answer`], fact: { pid, url, kernels: null }, finding };
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // none has ever run
  }
}
