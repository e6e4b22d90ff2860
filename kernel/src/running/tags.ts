/** What a cell may begin with before its code: blanks and comments. */
const BEFORE_CODE = /^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/;
const DOCUMENTATION = /\/\*\*[\s\S]*?\*\//g;
/** At the beginning of a line: a tag, and the word behind it if nothing else is. */
const TAG = /(?:\/\*\*|\n)[\s*]*@(\w+)(?:[ \t]+(\w+)(?=[\s*]*(?:\/$|@)))?/g;

/** It would compile, not run, and look like a success. */
export const NO_BROWSER = '@browser cells are not supported here: remove the tag.';

/** The tags of the comments that a cell begins with, and the word behind each: as tslab reads them. */
export function tagsOf(code: string): Map<string, string> {
  const [before = ''] = BEFORE_CODE.exec(code) ?? [];
  const comments = before.match(DOCUMENTATION) ?? [];
  const tags = comments.flatMap((comment) => [...comment.matchAll(TAG)]);
  return new Map(tags.map(([, name = '', word = '']) => [name, word]));
}
