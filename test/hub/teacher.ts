import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitAll, git } from '../faults/clone.ts';

/** Publishes notebooks, so that users can pull them. @returns what the hub is told of that */
export function publish(notebooks: string, folder: string): Record<string, string> {
  const desk = join(folder, 'desk');
  cpSync(notebooks, desk, { recursive: true });
  git(desk, 'init', '--quiet', '--initial-branch', 'main');
  commitAll(desk);
  const repository = join(folder, 'notebooks.git');
  git(folder, 'clone', '--quiet', '--bare', desk, repository);
  git(desk, 'remote', 'add', 'origin', repository);
  return { KAFKA_LAB_REPOSITORY: `file://${repository}` };
}

/** Publishes what was changed on the teacher's desk. */
export function update(folder: string): void {
  const desk = join(folder, 'desk');
  commitAll(desk);
  git(desk, 'push', '--quiet', 'origin', 'main');
}

/** Git asks whether a repository of somebody else's is to be trusted. */
export function trusting(folder: string): Record<string, string> {
  const path = join(folder, 'gitconfig');
  writeFileSync(path, '[safe]\n\tdirectory = *\n');
  return { GIT_CONFIG_GLOBAL: path };
}
