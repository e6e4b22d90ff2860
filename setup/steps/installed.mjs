import { javaProgram, lab, pythonOf, root, scriptsOf } from '../engine/folders.mjs';
import { filesStep } from '../engine/step.mjs';
import { jarFiles, queueJarFiles, version } from './jars.mjs';

/** Tells the library what is where: `Installed` in lib/src/paths.ts. */
export const installed = filesStep({
  name: 'installed',
  title: 'List of what is installed',
  after: ['python', 'jars'],
  files: () => ({
    [lab('installed.json')]: `${JSON.stringify(
      {
        root,
        node: process.execPath,
        python: pythonOf(lab('venv')),
        scripts: scriptsOf(lab('venv')),
        java: javaProgram(),
        jars: jarFiles,
        queueJars: queueJarFiles,
        kafkaVersion: version,
      },
      null,
      2,
    )}\n`,
  }),
});
