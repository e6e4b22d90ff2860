const MAX_LINES = 3;
/** How the line begins that whoever saw the kernel end may add to its last words. */
const STATUS = '[kernel] ended ';

/**
 * What the first cell of a kernel says of the one before it, by the last words of that; undefined if there are none.
 * Such a kernel died: one that ends in order takes its words with it.
 */
export function deathNote(words: string): string | undefined {
  const lines = words.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return undefined;
  const status = lines.findLast((line) => line.startsWith(STATUS))?.slice(STATUS.length);
  const said = lines.filter((line) => !line.startsWith(STATUS));
  const fatal = said.filter((line) => line.startsWith('FATAL ERROR'));
  const shown = fatal.length > 0 ? fatal : said.slice(-MAX_LINES);
  return [
    `The kernel died${status ? ` (${status})` : ''} and was restarted: what cells had declared is gone. Run → Run All Above Selected Cell.`,
    ...(words.includes('out of memory')
      ? [
          'It ran out of memory. Keep less in it, or allow more: NODE_OPTIONS=--max-old-space-size=4096 (MB).',
        ]
      : []),
    ...(shown.length > 0 ? [`Its last output was: ${shown.join('\n')}`] : []),
    '',
  ].join('\n');
}
