import type { Drawing } from './charts';
import { loaded } from './scripts';

/** How near to what is seen a chart comes alive, in CSS. */
const NEAR = '400px';

/** In place of pictures, charts that can be pointed at, when they come near. Where that fails the picture stays. */
export function drawWhenNear(): void {
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        void draw(target as HTMLElement);
      }
    },
    { rootMargin: NEAR },
  );
  for (const figure of document.querySelectorAll('figure:has(> script)')) near.observe(figure);
}

async function draw(figure: HTMLElement): Promise<void> {
  try {
    await loaded('charts.js');
    await (globalThis as unknown as { kafkaLabCharts: Drawing }).kafkaLabCharts.draw(figure);
    figure.dataset['drawn'] = '';
  } catch (error) {
    console.error(error);
  }
}
