import type { Line } from './schema.js';

/** As many topics and groups are in no ledger; a search through more would take too long. */
const MOST_TRAILS = 2000;
/** Each member has a number of 16 bits. */
const MOST_MEMBERS = 65_535;
/** A ledger keeps a page of counts for so many offsets; so many pages are 100 MB. */
const OFFSETS_A_PAGE = 512;
const MOST_PAGES = 200_000;
/** Facts that were told late have to be put in their place, before up to 400,000 others. */
const MOST_LATE = 2000;

/** Holds the lines of a file to what a ledger can hold in bounded memory and time. */
export class Limits {
  private readonly trails = new Set<string>();
  private readonly members = new Set<string>();
  private readonly pages = new Set<string>();
  private readonly newest = new Map<string, number>();
  private late = 0;

  /** Why a line goes beyond them; undefined where it does not. */
  exceededBy(line: Line): string | undefined {
    if ('member' in line) this.members.add(line.member);
    if (this.members.size > MOST_MEMBERS) return `It has more than ${MOST_MEMBERS} members`;
    const trail = this.trailOf(line);
    if (this.trails.add(trail).size > MOST_TRAILS)
      return `It has more than ${MOST_TRAILS} kinds of facts about topics and groups`;
    this.turnPages(trail, line);
    if (this.pages.size > MOST_PAGES) return 'Its offsets are too far from one another';
    return this.isTooLate(trail, line)
      ? 'Its facts are not in the order of their times'
      : undefined;
  }

  private trailOf(line: Line): string {
    const kind = 'of' in line ? line.of : line.kind;
    const group = 'group' in line ? line.group : '';
    const topic = 'topic' in line ? line.topic : '';
    return JSON.stringify([kind, group, topic]);
  }

  private turnPages(trail: string, line: Line): void {
    if (!('partition' in line)) return;
    const [from, to] =
      line.kind === 'counted'
        ? [line.from, line.to]
        : 'offset' in line
          ? [line.offset, line.offset + 1]
          : [0, 0];
    for (let page = Math.floor(from / OFFSETS_A_PAGE); page * OFFSETS_A_PAGE < to; page++) {
      this.pages.add(`${trail}${line.partition}/${page}`);
      if (this.pages.size > MOST_PAGES) return;
    }
  }

  private isTooLate(trail: string, line: Line): boolean {
    if (!('time' in line) || line.kind === 'forgotten') return false;
    const place = line.kind === 'told' ? `${trail}${line.partition}` : trail;
    const newest = this.newest.get(place) ?? 0;
    if (line.time >= newest) this.newest.set(place, line.time);
    else this.late++;
    return this.late > MOST_LATE;
  }
}
