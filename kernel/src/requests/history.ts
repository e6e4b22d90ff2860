import type { Cell } from '../cells/cells.js';
import type { Content } from '../messages.js';

type Line = [session: number, line: number, source: string];

/** A kernel remembers its own session, and no other. */
const SESSION = 1;
const MAX_LINES = 10_000;

/** The code of the cells that ran, for history_request. */
export class History {
  private readonly lines: Line[] = [];

  /** Keeps what the client wants kept: not what is silent or sent with store_history false. */
  add({ request, count }: Pick<Cell, 'request' | 'count'>): void {
    const { code, silent = false, store_history = !silent } = request.content;
    if (!store_history || silent || code.trim() === '') return;
    this.lines.push([SESSION, count, code]);
    if (this.lines.length > MAX_LINES) this.lines.shift();
  }

  /** Content of history_reply. Outputs are not kept: with `output`, null stands for each. */
  reply(request: Content): Content {
    const found = this.find(request);
    const history = request['output']
      ? found.map(([session, line, source]) => [session, line, [source, null]])
      : found;
    return { status: 'ok', history };
  }

  private find({ hist_access_type, n, ...request }: Content): Line[] {
    if (hist_access_type === 'range') return this.range(request);
    const found = hist_access_type === 'search' ? this.search(request) : this.lines;
    return typeof n === 'number' ? found.slice(Math.max(0, found.length - n)) : [...found];
  }

  /** Lines from start up to but without stop. Session 0 is this one; earlier ones are not kept. */
  private range({ session = 0, start, stop }: Content): Line[] {
    if (session !== 0 && session !== SESSION) return [];
    const from = typeof start === 'number' ? start : 0;
    const to = typeof stop === 'number' ? stop : Number.POSITIVE_INFINITY;
    return this.lines.filter(([, line]) => line >= from && line < to);
  }

  private search({ pattern = '*', unique = false }: Content): Line[] {
    const glob = globToRegExp(String(pattern));
    const found = this.lines.filter(([, , source]) => glob.test(source));
    if (!unique) return found;
    const last = new Map(found.map(([, , source], index) => [source, index]));
    return found.filter(([, , source], index) => last.get(source) === index);
  }
}

/** A pattern for the whole text: * for anything, ? for one character. */
function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[\\^$.+()|{}[\]]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}
