import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';

/** Modules that came as text: they import each other by their places, and packages as a file in their folder would. */
export class OwnModules {
  private readonly loaded = new Map<string, { exports: unknown }>();

  /** @param packages those that a module gets in place of what is installed */
  constructor(
    private readonly code: Record<string, string>,
    private readonly packages: Record<string, unknown>,
  ) {}

  /** What the first of them exports, once it has run. */
  first(): unknown {
    return this.load(Object.keys(this.code)[0] ?? '');
  }

  private load(path: string): unknown {
    const known = this.loaded.get(path);
    if (known) return known.exports;
    const module = { exports: {} };
    this.loaded.set(path, module); // modules may import each other
    const installed = createRequire(path);
    const require = (id: string) => {
      const meant = this.meant(dirname(path), id);
      return meant ? this.load(meant) : (this.packages[id] ?? installed(id));
    };
    const names = ['exports', 'require', 'module'];
    compileFunction(this.code[path] ?? '', names, { filename: path })(
      module.exports,
      require,
      module,
    );
    return module.exports;
  }

  private meant(folder: string, id: string): string | undefined {
    if (!id.startsWith('.')) return undefined;
    const place = withoutEnding(join(folder, id));
    return Object.keys(this.code).find((path) => withoutEnding(path) === place);
  }
}

const withoutEnding = (path: string) => path.replace(/\.[cm]?[jt]sx?$/, '');
