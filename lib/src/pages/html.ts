const ESCAPES: Record<string, string> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

/** Text in a page: whatever it holds, it is shown and nothing else. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);
}

/** A page without the control characters that none may have: they become �. */
export function withoutControls(page: string): string {
  return page.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '\u{FFFD}');
}
