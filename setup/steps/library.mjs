import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { remove, replaceFolder } from '../engine/files.mjs';
import { filesBelow, fingerprint } from '../engine/fingerprint.mjs';
import { root } from '../engine/folders.mjs';
import { stampedStep } from '../engine/step.mjs';

const source = join(root, 'lib', 'src');
const built = join(root, 'lib', 'dist');

/** Files whose change can change what is built. */
function inputs() {
  const settings = [
    'package-lock.json',
    'tsconfig.base.json',
    'lib/tsconfig.json',
    'lib/package.json',
  ];
  return [...filesBelow(source), ...settings.map((file) => join(root, file))];
}

/** @param {string} file */
const resultOf = (file) => join(built, relative(source, file).replace(/\.ts$/, '.js'));

/** The lab's own code, compiled. */
export const library = stampedStep({
  name: 'library',
  title: 'Library',
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
    const args = [compiler, '--project', 'lib', '--outDir', draft];
    const fix = 'Correct the lines above, then run: npm run setup';
    await run(process.execPath, args, { doing: 'Building the library', fix });
    replaceFolder(draft, built);
  },
});
