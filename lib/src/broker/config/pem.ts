import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '../../errors.js';
import { root } from '../../paths.js';
import { bad } from './environment.js';
import type { Settings } from './sources.js';

/** What is written between dashes: CERTIFICATE, PRIVATE KEY. */
export interface Block {
  label: string;
  /** As OpenSSL wants it: lines of 64 signs. */
  text: string;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;

/** The blocks of a text in PEM format. In settings of Kafka's all of it may stand on one line, with spaces between. */
export function pemBlocks(text: string): Block[] {
  return [...text.matchAll(BLOCK)].map(([whole, label = '', body = '']) => {
    // A key encrypted in the old way has headers, which are lines.
    if (body.includes(':')) return { label, text: whole };
    const lines = body.replace(/\s/g, '').match(/.{1,64}/g) ?? [];
    const all = [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''];
    return { label, text: all.join('\n') };
  });
}

/**
 * What a setting holds that is PEM itself, or names a file; `where` goes on a sentence that begins with the setting.
 * @throws LabError BAD_INPUT
 */
export function pemText(
  { value, source }: Settings,
  name: string,
  fix: string,
): { text: string; where: string } {
  const setting = value(name)?.trim() ?? '';
  if (setting.startsWith('-----BEGIN ')) return { text: setting, where: 'is a text' };
  const path = resolve(root, setting);
  try {
    return { text: readFileSync(path, 'utf8'), where: `names ${path}` };
  } catch (error) {
    throw bad(`${source(name)} names a file that cannot be read: ${messageOf(error)}.`, fix);
  }
}
