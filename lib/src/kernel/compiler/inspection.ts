import type { JSDocTagInfo, QuickInfo, SymbolDisplayPart } from '@tslab/typescript-for-tslab';
import type { Content } from '../messages.js';
import { toUnits } from './codepoints.js';
import { typescript } from './typescript.js';

/** What TypeScript knows of what stands at a position; undefined if nothing. */
export type Inspector = (code: string, position: number) => QuickInfo | undefined;

/**
 * Content of inspect_reply: signature, documentation and tags, as Markdown and as plain text.
 * Between the brackets of a call, where nothing else stands, it is about what is called.
 */
export function inspect(inspector: Inspector, code: string, cursor: number): Content {
  const position = toUnits(code, cursor);
  const info = inspector(code, position) ?? inspectCallee(inspector, code, position);
  if (!info) return { status: 'ok', found: false, data: {}, metadata: {} };
  const data = { 'text/plain': plain(info), 'text/markdown': markdown(info) };
  return { status: 'ok', found: true, data, metadata: {} };
}

function inspectCallee(inspector: Inspector, code: string, position: number) {
  const callee = calleeAround(code, position);
  return callee === undefined ? undefined : inspector(code, callee);
}

/** The end of the name that is called in the innermost call around a position. */
function calleeAround(code: string, position: number): number | undefined {
  const ts = typescript.load();
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest, true);
  let found: number | undefined;
  const visit = (node: import('@tslab/typescript-for-tslab').Node): void => {
    if (node.pos > position || position > node.end) return;
    const calls = ts.isCallExpression(node) || ts.isNewExpression(node);
    if (calls && position > node.expression.end) found = node.expression.end;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function plain({ displayParts, documentation, tags = [] }: QuickInfo): string {
  const lines = tags.map((tag) => [`@${tag.name}`, textOf(tag.text)].join(' ').trimEnd());
  const parts = [textOf(displayParts), textOf(documentation), lines.join('\n')];
  return parts.filter(Boolean).join('\n\n');
}

function markdown({ displayParts, documentation, tags = [] }: QuickInfo): string {
  const signature = fenced(textOf(displayParts));
  const parts = [signature, textOf(documentation), ...tags.map(tagAsMarkdown)];
  return parts.filter(Boolean).join('\n\n');
}

/** As editors show it: the tag slanted, the name that it is about as code, an example as code. */
function tagAsMarkdown({ name, text = [] }: JSDocTagInfo): string {
  const about = text.find(({ kind }) => /^(parameter|typeParameter|property)Name$/.test(kind));
  const rest = textOf(text.filter((part) => part !== about)).trim();
  const title = about ? `*@${name}* \`${about.text}\`` : `*@${name}*`;
  if (!rest) return title;
  if (name === 'example') return `${title}\n${rest.includes('```') ? rest : fenced(rest)}`;
  return `${title} — ${rest}`;
}

function fenced(code: string): string {
  return `\`\`\`typescript\n${code}\n\`\`\``;
}

/** The text of the parts; of a link, what it links to. */
function textOf(parts: SymbolDisplayPart[] = []): string {
  return parts
    .map(({ kind, text }) =>
      kind === 'link' ? text.replace(/^\{@link(code|plain)? ?|\}$/g, '') : text,
    )
    .join('');
}
