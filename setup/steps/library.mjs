import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { remove, replaceFolder } from '../engine/files.mjs';
import { filesBelow, fingerprint } from '../engine/fingerprint.mjs';
import { root } from '../engine/folders.mjs';
import { stampedStep } from '../engine/step.mjs';

/**
 * A package of the lab, compiled.
 * @param {{ name: string, folder: string, title: string }} step
 */
function compiled({ name, folder, title }) {
  const source = join(root, folder, 'src');
  const built = join(root, folder, 'dist');
  // Files whose change can change what is built.
  const settings = [
    ...['package-lock.json', 'tsconfig.base.json'],
    ...[join(folder, 'tsconfig.json'), join(folder, 'package.json')],
  ];
  const inputs = () => [...filesBelow(source), ...settings.map((file) => join(root, file))];
  const resultOf = (/** @type {string} */ file) =>
    join(built, relative(source, file).replace(/\.ts$/, '.js'));
  return stampedStep({
    name,
    title,
    after: ['npm'],
    fingerprint: () => fingerprint({ files: inputs(), base: root }),
    present: () =>
      filesBelow(source)
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
        .every((file) => existsSync(resultOf(file))),
    make: async (run) => {
      const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
      // Beside the old one, so that a lab that runs meanwhile never loads half of each, and what is gone from the
      // sources is gone from here.
      const draft = `${built}.new`;
      remove(draft);
      const args = [compiler, '--project', folder, '--outDir', draft];
      const fix = 'Correct the lines above, then run: npm run setup';
      await run(process.execPath, args, { doing: `Building the ${name}`, fix });
      replaceFolder(draft, built);
    },
  });
}

export const kernel = compiled({ name: 'kernel', folder: 'kernel', title: 'Kernel' });
export const library = compiled({ name: 'library', folder: 'lib', title: 'Library' });
