import { type Listener, listeners, socketsOf } from '../../lib/src/doctor/listeners.ts';

/** Where a process listens. Linux only. */
export function listenersOf(pid: number): Listener[] {
  const all = listeners();
  return socketsOf(pid).flatMap((inode) => all.get(inode) ?? []);
}
