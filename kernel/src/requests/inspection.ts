import type { Description, Tag } from '../checker/checker.js';
import type { Content } from '../messages.js';
import { toUnits } from './codepoints.js';

/** What TypeScript knows of what stands at a position; undefined if nothing. */
export type Inspector = (code: string, position: number) => Description | undefined;

/** Tags that are about a name, which their text begins with. */
const ABOUT_A_NAME = ['param', 'arg', 'argument', 'template', 'typeParam', 'property', 'prop'];

/** Content of inspect_reply: signature, documentation and tags, as Markdown and as plain text. */
export function inspect(inspector: Inspector, code: string, cursor: number): Content {
  const found = inspector(code, toUnits(code, cursor));
  if (!found) return { status: 'ok', found: false, data: {}, metadata: {} };
  const data = { 'text/plain': plain(found), 'text/markdown': markdown(found) };
  return { status: 'ok', found: true, data, metadata: {} };
}

function plain({ signature, documentation, tags }: Description): string {
  const lines = tags.map(({ name, text }) => `@${name} ${text}`.trimEnd());
  return [signature, documentation, lines.join('\n')].filter(Boolean).join('\n\n');
}

function markdown({ signature, documentation, tags }: Description): string {
  const parts = [fenced(signature), documentation, ...tags.map(tagAsMarkdown)];
  return parts.filter(Boolean).join('\n\n');
}

/** As editors show it: the tag slanted, the name that it is about as code, an example as code. */
function tagAsMarkdown({ name, text }: Tag): string {
  const [, about = '', rest = ''] = ABOUT_A_NAME.includes(name)
    ? (/^(\S*)\s*(?:- )?([\s\S]*)$/.exec(text) ?? [])
    : [text, '', text];
  const title = about ? `*@${name}* \`${about}\`` : `*@${name}*`;
  if (!rest.trim()) return title;
  if (name === 'example') return `${title}\n${rest.includes('```') ? rest : fenced(rest.trim())}`;
  return `${title} — ${rest.trim()}`;
}

function fenced(code: string): string {
  return `\`\`\`typescript\n${code}\n\`\`\``;
}
