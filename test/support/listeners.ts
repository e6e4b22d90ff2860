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
      const [address, port] = row[1]!.split(':') as [string, string];
      return [row[9]!, { address, port: Number.parseInt(port, 16) }];
    }),
  );
}

/** The inodes of a process's sockets; none if it is gone. Linux only. */
export function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  const links = read(() => readdirSync(folder), []).map((fd) =>
    read(() => readlinkSync(`${folder}/${fd}`), ''),
  );
  return [...new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))];
}

/** Where a process listens. */
export function listenersOf(pid: number): Listener[] {
  const all = listeners();
  return socketsOf(pid).flatMap((inode) => all.get(inode) ?? []);
}

/** What can be gone between two looks. */
function read<T>(look: () => T, gone: T): T {
  try {
    return look();
  } catch {
    return gone;
  }
}
