import type { ChildProcess } from 'node:child_process';
import { dirname } from 'node:path';
import type { Project } from 'typescript/unstable/sync' with { 'resolution-mode': 'import' };
import type { Paths } from '../files.js';
import { quietly } from '../quietly.js';

export type { Node } from 'typescript/unstable/ast' with { 'resolution-mode': 'import' };
/*
 * All that is known of TypeScript's interface, which is called unstable: the files beside this one take it from here.
 */
export type {
  API,
  CompletionEntry,
  Diagnostic,
  Project,
  Snapshot,
  Symbol as NameSymbol,
  Type,
} from 'typescript/unstable/sync' with { 'resolution-mode': 'import' };

type Sync = typeof import('typescript/unstable/sync', { with: { 'resolution-mode': 'import' }});
type Ast = typeof import('typescript/unstable/ast', { with: { 'resolution-mode': 'import' }});

const loaded: { sync?: Sync; ast?: Ast } = {};

/** Its modules, loaded when first asked for; starting the process is another matter. */
export const typescript: { readonly sync: Sync; readonly ast: Ast } = {
  get sync() {
    return (loaded.sync ??= quietly(() => require('typescript/unstable/sync') as Sync));
  },
  get ast() {
    return (loaded.ast ??= quietly(() => require('typescript/unstable/ast') as Ast));
  },
};

/** The version of TypeScript that checks. */
export function typescriptVersion(): string {
  return (require('typescript/package.json') as { version: string }).version;
}

/** `paths` of the project's configuration. */
export function pathsOf({ compilerOptions }: Project): Paths | undefined {
  const { paths, pathsBasePath: base } = compilerOptions as {
    paths?: Paths['patterns'];
    pathsBasePath?: string;
  };
  return paths && base !== undefined ? { base, patterns: paths } : undefined;
}

/** Whether an error of a call means that the process has gone, or what it sends is no longer understood. */
export function isLoss(error: unknown): boolean {
  const { message = '', code = '' } = error as NodeJS.ErrnoException;
  return (
    /^(EPIPE|EBADF|ECONNRESET|ENOENT)$/.test(code) ||
    /Unexpected EOF|channel is closed|^Expected |^Invalid message|^name mismatch/i.test(message) ||
    /^Error calling callback|^no callback/i.test(message) // the answer to the call is still to come
  );
}

/**
 * Whether it means that the process has failed in the middle of a call. It may have left things locked: then a later call gets
 * no answer, and the process does not end when nobody is there any more. After a SIGINT or SIGTERM the next check is such a call.
 */
export function isFailure(error: unknown): boolean {
  return (error as Error).message?.startsWith('panic: ') ?? false;
}

/**
 * Calls `listener` when the process of the interface has ended; returns its id, 0 if there is none. It cannot be asked for that, and would go on to write to the
 * number that its pipe had, which may be that of another file by then: so it is closed first.
 */
export function onExit(api: object, listener: (how: string) => void): number {
  const channel = channelOf(api);
  const { child } = channel;
  const ended = (how: string) => {
    channel.close();
    listener(how);
  };
  child.once('exit', (code, signal) =>
    ended(signal ? `${signal} killed it.` : `Its exit code is ${code}.`),
  );
  child.once('error', ({ message }) => ended(`It could not be started: ${message}.`));
  return child.pid ?? 0;
}

/** Where the process of the interface has TypeScript's own declarations. */
export function librariesOf(api: object): string {
  return dirname(channelOf(api).child.spawnfile);
}

/** Ends the process of the interface, which would write to the notebook if it were asked to. */
export function end(api: object): void {
  const channel = channelOf(api);
  channel.child.kill('SIGKILL');
  channel.close();
}

function channelOf(api: object): { child: ChildProcess; close(): void } {
  return (api as { client: { channel: ReturnType<typeof channelOf> } }).client.channel;
}
