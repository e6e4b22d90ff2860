type Accessors = Record<string, unknown>;
type Values = Record<string, unknown>;

/** What the cells declared so far: under each name an accessor of the variable in the code that declared it. */
export class Scope {
  /** What the code of cells reads the names of earlier cells from. */
  readonly values: Values = Object.create(null);

  has(name: string): boolean {
    return name in this.values;
  }

  /** For one run of a cell. `hoisted`: those of its names that can be read, as undefined, before they are reached. */
  begin(hoisted: readonly string[] = []): CellNames {
    return new CellNames(this.values, new Set(hoisted));
  }
}

/** The names of one cell, from the moment at which its code begins to run. */
export class CellNames {
  private readonly own = new Map<string, PropertyDescriptor>();
  private readonly before = new Map<string, PropertyDescriptor | undefined>();

  constructor(
    private readonly values: Values,
    private readonly hoisted: ReadonlySet<string>,
  ) {}

  /**
   * Called by the code first of all. Reading a name throws as long as it has no value: till then it means what it meant
   * before, so that code of earlier cells that this cell calls finds the one or the other.
   */
  readonly declare = (accessors: Accessors): void => {
    for (const [name, own] of Object.entries(Object.getOwnPropertyDescriptors(accessors))) {
      const before = Object.getOwnPropertyDescriptor(this.values, name);
      this.own.set(name, own);
      this.before.set(name, before);
      const current = () => (!before || this.isReached(name, own) ? own : before);
      this.define(name, {
        get: () => current().get?.(),
        set: (value: unknown) => assign(current(), value),
      });
    }
  };

  /** To be called when the code has ended well. No name is missing then. */
  done(): ReadonlySet<string> {
    for (const [name, own] of this.own) this.define(name, own);
    this.forget();
    return new Set();
  }

  /**
   * To be called when the code failed or is no longer waited for: what it has declared by now stays, as it would in a
   * REPL; names that it did not get to mean what they meant before, whatever it does later. Returns these.
   */
  failed(): ReadonlySet<string> {
    const missing = new Set<string>();
    for (const [name, own] of this.own) {
      if (this.isReached(name, own)) {
        this.define(name, own);
        continue;
      }
      missing.add(name);
      const before = this.before.get(name);
      if (before) this.define(name, before);
      else delete this.values[name];
    }
    this.forget();
    return missing;
  }

  private forget(): void {
    this.own.clear();
    this.before.clear();
  }

  private isReached(name: string, { get }: PropertyDescriptor): boolean {
    try {
      return get?.() !== undefined || !this.hoisted.has(name);
    } catch {
      return false;
    }
  }

  private define(name: string, { get, set }: PropertyDescriptor): void {
    const accessor = { ...(get && { get }), ...(set && { set }) };
    Object.defineProperty(this.values, name, { ...accessor, configurable: true, enumerable: true });
  }
}

/** Fails as an assignment to a constant does. */
function assign({ set }: PropertyDescriptor, value: unknown): void {
  if (!set) throw new TypeError('Assignment to constant variable.');
  set(value);
}
