import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Locator,
  Page,
} from 'playwright-core';
import { expect } from 'vitest';
import { ROOT } from '../support/command.ts';

/** What must not happen: errors on a page, and requests to anybody but the site. */
interface Watch {
  errors: string[];
  asked: string[];
}

/** Looks at a page from which nothing but what begins with `site` can be reached. Fails if it erred, or asked for anything else. */
export async function onPage(
  browser: Browser,
  site: string,
  look: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const { context, page, watch } = await browserAt(browser, site, options);
  try {
    await look(page);
    expect(watch).toEqual({ errors: [], asked: [] });
  } catch (error) {
    // What the page itself has said may be why.
    throw watch.errors.length === 0 ? error : new Error(watch.errors.join('\n'), { cause: error });
  } finally {
    await context.close();
  }
}

async function browserAt(
  browser: Browser,
  site: string,
  options: BrowserContextOptions,
): Promise<{ context: BrowserContext; page: Page; watch: Watch }> {
  const context = await browser.newContext(options);
  const watch: Watch = { errors: [], asked: [] };
  await context.route('**/*', (route) => {
    const url = route.request().url();
    if (url.startsWith(site) || url.startsWith('data:')) return route.continue();
    watch.asked.push(url);
    return route.abort();
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) watch.errors.push(message.text());
  });
  page.on('pageerror', (error) => watch.errors.push(error.message));
  page.on('dialog', (dialog) => {
    watch.errors.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { context, page, watch };
}

/** Goes to every chart of the page and waits until it is drawn. @returns how many there are */
export async function drawAll(page: Page): Promise<number> {
  const charts = await page.locator('figure:has(> script)').count();
  const left = () =>
    page.evaluate(`(() => {
      const left = [...document.querySelectorAll('figure:has(> script):not([data-drawn])')];
      left[0]?.scrollIntoView();
      // Where it is, too: one that is in sight and has not begun was not noticed.
      return left.map((figure) => [
        figure.querySelector('figcaption').id,
        figure.querySelector('.live') ? 'begun' : 'not begun',
        'top at ' + Math.round(figure.getBoundingClientRect().top),
        document.visibilityState,
      ].join(', '));
    })()`);
  await expect.poll(left, { interval: 20, timeout: 60_000, message: 'charts to draw' }).toEqual([]);
  return charts;
}

/** What an element says from now on, each once it says it: of what it says for a moment only, a look afterwards may come too late. */
export async function noted(element: Locator): Promise<() => Promise<string[]>> {
  const said = await element.evaluateHandle((node) => {
    const texts: string[] = [];
    new MutationObserver(() => texts.push(node.textContent ?? '')).observe(node, {
      childList: true,
    });
    return texts;
  });
  return () => said.jsonValue();
}

/** Waits until a page has looked at its new sizes: all that watch them are told in one frame, a new one, too. */
const sized = (page: Page): Promise<void> =>
  page.evaluate('new Promise((seen) => new ResizeObserver(() => seen()).observe(document.body))');

/** The charts that are not as they should be at the present width: empty, wider than their room, or with letters that are cut off. */
export const badCharts = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('figure[data-drawn]')].flatMap((figure) => {
    const svg = figure.querySelector('.live svg');
    const { left, right, width, height } = svg.getBoundingClientRect();
    const cut = [...svg.querySelectorAll('text')].find((text) => {
      const box = text.getBoundingClientRect();
      const isTitle = text.closest('.role-title') !== null;
      return box.left < left - 1 || box.right > right + 1 || (isTitle && text.textContent.endsWith('…'));
    });
    if (cut) return figure.querySelector('figcaption').id + ' cuts off: ' + cut.textContent;
    const marks = figure.querySelectorAll('.live svg :is(path, text, rect)').length;
    const isGood = marks > 5 && height > 20 && width > 200 && width <= figure.clientWidth + 1;
    return isGood ? [] : figure.querySelector('figcaption').id + ': ' + width + ' of ' + figure.clientWidth;
  })`);

export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = join(ROOT, 'build', 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/**
 * What axe finds that is serious, with the first place of each. What is inside of pictures it would look at in vain, for long:
 * call it when the page is needed no more.
 */
export async function serious(page: Page, only?: string): Promise<string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe.source);
  await sized(page);
  // It would load the styles anew, which the page does not allow.
  const options = { preload: false, resultTypes: ['violations'], ...(only && { runOnly: [only] }) };
  return page.evaluate(`(async () => {
    for (const svg of document.querySelectorAll('figure svg')) svg.replaceChildren();
    // Nor does it know the contrast on a ground that fades: at the edges of what can be scrolled.
    for (const box of document.querySelectorAll('pre, .wide, .picture')) box.style.backgroundImage = 'none';
    const { violations } = await axe.run(document, ${JSON.stringify(options)});
    return violations
      .filter(({ id, impact }) => ['serious', 'critical'].includes(impact) || id === 'heading-order')
      .map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 120) + ' ' + nodes[0].failureSummary);
  })()`);
}
