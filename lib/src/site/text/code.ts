import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import json from 'highlight.js/lib/languages/json';
import typescript from 'highlight.js/lib/languages/typescript';
import { escaped } from '../../pages/html.js';

hljs.registerLanguage('typescript', typescript);
hljs.registerLanguage('bash', bash);
hljs.registerLanguage('json', json);

/** Code as HTML, in colours where its language is known: `ts`, `js`, `sh` or `json`. */
export function highlighted(source: string, language = ''): string {
  const inside = hljs.getLanguage(language)
    ? hljs.highlight(source, { language }).value
    : escaped(source);
  return `<pre><code>${inside}</code></pre>`;
}
