import { messageOf } from '../errors.js';
import { withDeadline } from '../waiting.js';

/** Something that is not as it should be, and the one command that mends it. */
export interface Finding {
  what: string;
  fix: string;
}

/** What a look at one part of the lab brought. Nothing in it is secret. */
export interface Examined {
  /** For people: each a line. */
  lines: string[];
  /** The same for programs. */
  facts: Record<string, unknown>;
  findings: Finding[];
}

/** A look at one part of the lab. */
export interface Probe {
  name: string;
  /** How long it may take, in ms. */
  limit: number;
  /** What mends most of what keeps this look itself from working. */
  fix: string;
  look(): Promise<Examined> | Examined;
}

export interface Examination extends Examined {
  name: string;
}

/** Looks at all parts at once. A look that fails, or takes too long, is a finding. Never rejects. */
export function examine(probes: readonly Probe[]): Promise<Examination[]> {
  return Promise.all(
    probes.map(async (probe) => ({ name: probe.name, ...(await limited(probe)) })),
  );
}

async function limited({ name, limit, fix, look }: Probe): Promise<Examined> {
  const late = () => {
    throw new Error(`nothing came within ${limit / 1000} s`);
  };
  try {
    return await withDeadline(Promise.resolve().then(look), { ms: limit, late });
  } catch (error) {
    const what = `${name} could not be looked at: ${messageOf(error)}`;
    return { lines: ['unknown'], facts: {}, findings: [{ what, fix }] };
  }
}
