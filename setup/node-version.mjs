// Everything here must parse and run on a Node far too old for the rest, so that its owner is told.

/** The oldest Node that the lab runs on: package.json's "engines" says the same. */
export const OLDEST_NODE = '20.19.4';

/**
 * @param {string} version such as '20.19.0'
 * @returns {boolean} whether the lab runs on that Node
 */
export function isNewEnough(version) {
  const have = version.split('.').map(Number);
  const want = OLDEST_NODE.split('.').map(Number);
  for (let i = 0; i < want.length; i++) {
    if (have[i] !== want[i]) return Number(have[i]) > Number(want[i]);
  }
  return true;
}

/**
 * Loads the set-up itself, or says that this Node is too old for it.
 * @param {(main: typeof import('./main.mjs')) => Promise<number>} run returns the exit code
 */
export function onSupportedNode(run) {
  if (!isNewEnough(process.versions.node)) {
    console.error('✗ This is Node ' + process.versions.node + ', which is too old for the lab.');
    console.error('  The lab needs Node ' + OLDEST_NODE + ' or later.');
    console.error(
      '  Install the LTS release of Node (with nvm: nvm install --lts), then run this again.',
    );
    process.exitCode = 1;
    return;
  }
  import('./main.mjs').then(run).then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
