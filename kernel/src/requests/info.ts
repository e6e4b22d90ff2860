import { typescriptVersion } from '../checker/typescript7.js';
import { type Content, PROTOCOL_VERSION } from '../messages.js';
import type { KernelOptions } from '../options.js';

/** Content of kernel_info_reply; answered before TypeScript is loaded. */
export function kernelInfo({ name, version }: Pick<KernelOptions, 'name' | 'version'>): Content {
  const typescript = typescriptVersion();
  return {
    status: 'ok',
    protocol_version: PROTOCOL_VERSION,
    implementation: name,
    implementation_version: version,
    banner: `${name} ${version}: TypeScript ${typescript} on Node.js ${process.versions.node}`,
    help_links: [],
    language_info: {
      name: 'typescript',
      version: typescript,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      // A string: JupyterLab finds no highlighting for CodeMirror 5's object form.
      codemirror_mode: 'typescript',
      nbconvert_exporter: 'script',
    },
  };
}
