import { sep } from 'node:path';
import { KERNEL, TSLAB } from '../places.js';
import type { Positions } from './positions.js';
import { asWritten } from './text.js';

/** The kernel itself and what it runs cells by. */
const HIDDEN = [KERNEL + sep, 'node:vm:'];

/**
 * Makes every `stack` name the lines of cells as they were written, without the kernel's frames:
 * whoever logs an error, logs that.
 */
export function mapStacks(positions: Positions): void {
  Error.prepareStackTrace = (error, sites) => {
    const shown = sites
      .map((site) => frameOf(site, positions))
      .filter((text) => text !== undefined);
    return [titleOf(error), ...shown.map((text) => `    at ${text}`)].join('\n');
  };
}

/** What stands after `at`; undefined for the kernel's own. */
function frameOf(site: NodeJS.CallSite, positions: Positions): string | undefined {
  const text = String(site);
  if (isHidden(text)) return undefined;
  const [file, line, column] = [
    site.getScriptNameOrSourceURL(),
    site.getLineNumber(),
    site.getColumnNumber(),
  ];
  if (!file || line === null || column === null) return text;
  const at = positions.find(file, { line, column });
  if (!at) return positions.has(file) ? undefined : text;
  return text.replace(`${file}:${line}:${column}`, `${at.name}:${at.line}:${at.column}`);
}

function isHidden(text: string): boolean {
  const place = text.replace('async ', '');
  const isBelow = (start: string) => text.includes(`(${start}`) || place.startsWith(start);
  return text.includes(TSLAB) || HIDDEN.some(isBelow);
}

function titleOf(error: Error): string {
  try {
    return asWritten(String(Error.prototype.toString.call(error)));
  } catch {
    return 'Error';
  }
}
