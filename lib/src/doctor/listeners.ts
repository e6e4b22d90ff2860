import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Where somebody listens: `address` as /proc has it, 0100007F is 127.0.0.1. */
export interface Listener {
  address: string;
  port: number;
}

/** TCP sockets in state LISTEN, by their inode. Linux only. */
export function listeners(): Map<string, Listener> {
  const rows = ['tcp', 'tcp6'].flatMap((name) =>
    read(() => readFileSync(`/proc/net/${name}`, 'utf8'), '')
      .trim()
      .split('\n')
      .slice(1),
  );
  const columns = rows.map((row) => row.trim().split(/\s+/)).filter((row) => row[3] === '0A');
  return new Map(
    columns.map((row) => {
      const [address, port] = (row[1] as string).split(':') as [string, string];
      return [row[9] as string, { address, port: Number.parseInt(port, 16) }];
    }),
  );
}

/** The inodes of a process's sockets; none if it is gone, or somebody else's. Linux only. */
export function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  const links = read(() => readdirSync(folder), []).map((fd) =>
    read(() => readlinkSync(`${folder}/${fd}`), ''),
  );
  return [...new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))];
}

/** The process that listens on a port of this machine; undefined where this user may not see it. */
export function listenerOn(port: number): number | undefined {
  if (process.platform !== 'linux') return listenerByLsof(port);
  const inodes = new Set(
    [...listeners()].filter(([, at]) => at.port === port).map(([inode]) => inode),
  );
  if (inodes.size === 0) return undefined;
  const pids = read(() => readdirSync('/proc'), [])
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.find((pid) => socketsOf(pid).some((inode) => inodes.has(inode)));
}

function listenerByLsof(port: number): number | undefined {
  const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'];
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
  const out = read(
    () => execFileSync('lsof', args, { encoding: 'utf8', timeout: 2000, stdio }),
    '',
  );
  return Number(out.split('\n')[0]) || undefined;
}

/** What can be gone between two looks. */
function read<T>(look: () => T, gone: T): T {
  try {
    return look();
  } catch {
    return gone;
  }
}
