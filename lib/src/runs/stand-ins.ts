import { byName, type Content } from '../ledger/index.js';

/** What a file of a run holds as it was; of all else there are stand-ins: equal ones for what is equal within the file. */
export interface Shown {
  /** How the values of records and messages begin, the ids of messages, and why handlers failed: what they throw may tell of records. */
  values?: boolean;
  /** The keys of records. */
  keys?: boolean;
  /** The client ids of members and producers. */
  clientIds?: boolean;
  /** What the names of a learner's topics and groups begin with, on a Kafka that others use. */
  prefix?: boolean;
}

/** What is there before the file is written. */
export interface Known {
  prefix?: string | undefined;
  /** The run with which names end, such as `05-scaling.k3f`: in the file it is `05-scaling.run`, so that names are the same each time. */
  run?: string;
  members?: Iterable<string>;
}

/** Takes out of contents what is not to be shown. */
export class StandIns {
  private readonly keys = new Numbered('key');
  private readonly clients = new Numbered('client');
  private readonly memberIds = new Numbered('member');
  private readonly values = new Numbered('value');

  /** Clients are numbered in the order of their names, as far as they are known: so charts keep the order of lanes and colours. */
  constructor(
    private readonly shown: Shown,
    private readonly known: Known = {},
  ) {
    for (const member of [...(known.members ?? [])].sort(byName)) this.clientOf(member);
  }

  of(content: Content): Content {
    const { shown } = this;
    const changed: Record<string, unknown> = { ...content };
    if ('member' in content && !shown.clientIds) changed['member'] = this.clientOf(content.member);
    if ('key' in content) changed['key'] = this.keyOf(content.key);
    if (content.kind === 'joined' && !shown.clientIds && content.memberId !== undefined)
      changed['memberId'] = this.memberIds.of(content.memberId);
    if (content.kind === 'crashed' && !shown.values) delete changed['reason'];
    if (content.kind === 'queue' && content.message !== undefined && !shown.values)
      changed['message'] = this.values.of(content.message);
    if (content.kind === 'value' && content.start !== null && !shown.values)
      Object.assign(changed, this.valueOf(content.start));
    this.rename(content, changed);
    return changed as unknown as Content;
  }

  /** None stays none. */
  keyOf(key: string | null): string | null {
    return key === null || this.shown.keys ? key : this.keys.of(key);
  }

  /** One that nobody knows stays so. */
  private clientOf(member: string): string {
    return member === '' ? '' : this.clients.of(member);
  }

  /** Its size would tell something of it, too. */
  private valueOf(start: Buffer): { start: Buffer; size: number } {
    const text = Buffer.from(this.values.of(start.toString('latin1')));
    return { start: text, size: text.length };
  }

  private rename(content: Content, changed: Record<string, unknown>): void {
    const { run } = this.known;
    const prefix = this.shown.prefix ? undefined : this.known.prefix;
    if (!prefix && !run) return;
    const nameOf = (name: string) => withoutRun(withoutPrefix(name, prefix), run);
    if ('topic' in content) changed['topic'] = nameOf(content.topic);
    if ('queue' in content) changed['queue'] = nameOf(content.queue);
    if ('group' in content) changed['group'] = nameOf(content.group);
    if (content.kind === 'joined' && content.assignment)
      changed['assignment'] = Object.fromEntries(
        Object.entries(content.assignment).map(([topic, own]) => [nameOf(topic), own]),
      );
  }
}

function withoutPrefix(name: string, prefix: string | undefined): string {
  return prefix && name.startsWith(`${prefix}.`) ? `learner${name.slice(prefix.length)}` : name;
}

function withoutRun(name: string, run: string | undefined): string {
  return run && name.endsWith(`.${run}`) ? name.replace(/[^.]*$/, 'run') : name;
}

class Numbered {
  private readonly names = new Map<string, string>();

  constructor(private readonly word: string) {}

  of(name: string): string {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    const standIn = `${this.word}-${this.names.size + 1}`;
    this.names.set(name, standIn);
    return standIn;
  }
}
