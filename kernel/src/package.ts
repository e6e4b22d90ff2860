interface PackageJson {
  name: string;
  version: string;
  engines: { node: string };
  /** What Node is told. Megabytes: with its own 16, a kernel that draws charts takes ten more before it collects their garbage. */
  nodeFlags: string[];
}

/** This package as its package.json has it, where whoever writes a kernelspec of its own can read it, too. */
export const { name, version, engines, nodeFlags } = require('../package.json') as PackageJson;
