// As the kernel reads it (kernel/src/running/tags.ts), which the lab does not import.

/** What a cell may begin with before its code: blanks and comments. */
const BEFORE_CODE = /^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/;
const DOCUMENTATION = /(\/\*\*[\s\S]*?\*\/)([ \t]*\n?)/g;
/** At the beginning of a line; it has a name if nothing but other tags is behind that. */
const TAG = /((?:\/\*\*|\n)[\s*]*)@module\b(?:[ \t]+(\w+)(?=[\s*]*(?:\/$|@))(?:[ \t]*(@))?)?/g;
const EMPTY = /^\/\*\*[\s*]*\/$/;

/** The name of the file that a cell is, and its text without the tag that says so; undefined for a cell that is none. */
export function moduleOf(code: string): { name: string; text: string } | undefined {
  const [before = ''] = BEFORE_CODE.exec(code) ?? [];
  let name: string | undefined;
  const rest = before.replace(DOCUMENTATION, (whole, comment: string, behind: string) => {
    const untagged = comment.replace(TAG, (tag, head: string, word?: string, next?: string) => {
      name = word;
      if (!word) return tag;
      if (next) return head + next;
      return head.startsWith('/**') ? '/**' : '';
    });
    if (untagged === comment) return whole;
    return EMPTY.test(untagged) ? '' : untagged + behind;
  });
  return name === undefined
    ? undefined
    : { name, text: `${rest}${code.slice(before.length)}`.trimStart() };
}
