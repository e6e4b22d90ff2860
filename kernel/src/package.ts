interface PackageJson {
  name: string;
  version: string;
  engines: { node: string };
}

/** This package as its package.json has it: the only place where its version stands. */
export const { name, version, engines } = require('../package.json') as PackageJson;
