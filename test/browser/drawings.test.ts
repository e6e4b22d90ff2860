import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/command.ts';
import { hasChromium, launchChromium } from './chromium.ts';

const folder = join(ROOT, 'notebooks', 'drawings');
/** The texts of a drawing that its edges cut off. */
const CUT_OFF = `(() => {
  const svg = document.querySelector('svg');
  const { width, height } = svg.viewBox.baseVal;
  return [...svg.querySelectorAll('text')]
    .filter((text) => {
      const { x, y, width: wide, height: high } = text.getBBox();
      return x < 0 || y < 0 || x + wide > width || y + high > height;
    })
    .map((text) => text.textContent);
})()`;

test.skipIf(!hasChromium)('no drawing cuts off what is written in it', async () => {
  const browser = await launchChromium();
  const drawings = readdirSync(folder).filter((name) => name.endsWith('.svg'));
  expect(drawings.length).toBeGreaterThan(0);
  try {
    const page = await browser.newPage();
    const cutOff: [string, unknown][] = [];
    for (const name of drawings) {
      await page.setContent(readFileSync(join(folder, name), 'utf8'));
      cutOff.push([name, await page.evaluate(CUT_OFF)]);
    }
    expect(cutOff).toEqual(drawings.map((name) => [name, []]));
  } finally {
    await browser.close();
  }
});
