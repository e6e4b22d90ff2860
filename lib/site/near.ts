import type { Drawing } from './charts';
import { loaded } from './scripts';

/** How near to what is seen a chart comes alive, in CSS. */
const NEAR = '400px';

/**
 * In place of pictures, charts that can be pointed at, when they come near. Where that fails the picture stays; where what draws them
 * could not be loaded, that is tried again when one comes near again.
 */
export function drawWhenNear(): void {
  const left = new Set<Element>(document.querySelectorAll('figure:has(> script)'));
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) void come(target);
    },
    { rootMargin: NEAR },
  );
  const come = async (figure: Element) => {
    const drawing = await loadedDrawing();
    // It may have come twice while that was loaded.
    if (!drawing || !left.delete(figure)) return;
    near.unobserve(figure);
    await draw(drawing, figure as HTMLElement);
  };
  for (const figure of left) near.observe(figure);
}

/** What draws charts; undefined if it cannot be loaded now. */
async function loadedDrawing(): Promise<Drawing | undefined> {
  try {
    await loaded('charts.js');
    return (globalThis as unknown as { kafkaLabCharts: Drawing }).kafkaLabCharts;
  } catch (error) {
    console.error(error);
    return undefined;
  }
}

async function draw(drawing: Drawing, figure: HTMLElement): Promise<void> {
  try {
    await drawing.draw(figure);
    figure.dataset['drawn'] = '';
  } catch (error) {
    console.error(error);
  }
}
