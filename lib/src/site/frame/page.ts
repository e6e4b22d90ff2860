import { escaped, withoutControls } from '../../pages/html.js';

export interface Page {
  title: string;
  description: string;
  /** Beside the text, where there is room. */
  before?: string;
  after?: string;
  main: string;
}

/** Nothing is asked of anybody but the site, and no script runs that is written in a page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' file:",
  "style-src 'self' file: 'unsafe-inline'",
  "img-src 'self' file: data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const HEADER = `<header class="top">
<a class="brand" href="index.html">Kafka Learning Lab</a>
<div class="search" hidden><input type="search" id="search" placeholder="Search" aria-label="Search the course" autocomplete="off"><ol id="found" hidden></ol><p id="search-says" class="unseen" role="status"></p></div>
<button id="theme" type="button" aria-label="Light or dark" hidden>◐</button>
</header>`;

/** A page of the site as HTML. */
export function pageHtml({ title, description, before = '', after = '', main }: Page): string {
  return withoutControls(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escaped(description)}">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/site.css">
<script src="assets/theme.js"></script>
<script src="assets/page.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
${HEADER}
<div class="columns">
${before}
<main id="main" tabindex="-1">
${main}
</main>
${after}
</div>
</body>
</html>
`);
}
