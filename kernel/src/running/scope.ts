type Accessors = Record<string, unknown>;
type Values = Record<string, unknown>;

/** What the cells declared so far: under each name an accessor of the variable in the code that declared it. */
export class Scope {
  /** What the code of cells reads the names of earlier cells from. */
  readonly values: Values = Object.create(null);

  has(name: string): boolean {
    return name in this.values;
  }

  /** For one run of a cell. */
  begin(): CellNames {
    return new CellNames(this.values);
  }
}

/** The names of one cell, from the moment at which its code begins to run. */
export class CellNames {
  private readonly own = new Map<string, PropertyDescriptor>();
  private readonly before = new Map<string, PropertyDescriptor | undefined>();

  constructor(private readonly values: Values) {}

  /**
   * Called by the code first of all. Reading a name throws as long as it has no value: till then it means what it meant
   * before, so that code of earlier cells that this cell calls finds the one or the other.
   */
  readonly declare = (accessors: Accessors): void => {
    for (const [name, own] of Object.entries(Object.getOwnPropertyDescriptors(accessors))) {
      const before = Object.getOwnPropertyDescriptor(this.values, name);
      this.own.set(name, own);
      this.before.set(name, before);
      const current = () => (hasValue(own) || !before ? own : before);
      this.define(name, {
        get: () => current().get?.(),
        set: (value: unknown) => assign(current(), value),
      });
    }
  };

  /** To be called when the code has ended well. */
  done(): void {
    this.settle();
  }

  /**
   * To be called when the code failed or is no longer waited for: what it has declared by now stays, as it would in a
   * REPL; names that it did not get to mean what they meant before, whatever it does later. Returns these.
   */
  failed(): ReadonlySet<string> {
    return this.settle();
  }

  private settle(): ReadonlySet<string> {
    const missing = new Set<string>();
    for (const [name, own] of this.own) {
      if (hasValue(own)) {
        this.define(name, own);
        continue;
      }
      missing.add(name);
      const before = this.before.get(name);
      if (before) this.define(name, before);
      else delete this.values[name];
    }
    this.own.clear();
    this.before.clear();
    return missing;
  }

  private define(name: string, { get, set }: PropertyDescriptor): void {
    const accessor = { ...(get && { get }), ...(set && { set }) };
    Object.defineProperty(this.values, name, { ...accessor, configurable: true, enumerable: true });
  }
}

function hasValue({ get }: PropertyDescriptor): boolean {
  try {
    get?.();
    return true;
  } catch {
    return false;
  }
}

/** Fails as an assignment to a constant does. */
function assign({ set }: PropertyDescriptor, value: unknown): void {
  if (!set) throw new TypeError('Assignment to constant variable.');
  set(value);
}
