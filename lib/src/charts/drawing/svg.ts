import type { LoggerInterface } from 'vega';
import type { Spec } from './chart.js';

/** Draws a specification as an SVG document, in this thread: 0.25 s at first to load Vega, then about 50 ms. */
export async function drawSvg(spec: Spec): Promise<string> {
  // Both are ESM with top-level await: a CommonJS module cannot require them.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const compiled = vegaLite.compile(spec as never, { logger: silent() });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none', logger: silent() });
  try {
    return described(await view.toSVG(), String(spec['description'] ?? ''));
  } finally {
    view.finalize();
  }
}

/** Vega warns on standard error, which would land in the learner's cell. The tests look at the pictures instead. */
function silent(): LoggerInterface {
  const logger = {
    warn: () => logger,
    info: () => logger,
    debug: () => logger,
    error: () => logger,
  };
  return Object.assign(logger, { level: () => 0 }) as never;
}

/** The sentence as the name of the picture: Vega keeps it for its own container. */
function described(svg: string, text: string): string {
  const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  const label = text.replace(/[&<>"]/g, (character) => escapes[character] as string);
  return svg.replace('<svg ', () => `<svg role="img" aria-label="${label}" `);
}
