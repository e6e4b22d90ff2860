/** What is wider than its place can be scrolled by keyboard, too. */
export function scrollable(): void {
  const look = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const isWide = target.scrollWidth > target.clientWidth;
      if (isWide) target.setAttribute('tabindex', '0');
      else target.removeAttribute('tabindex');
    }
  });
  for (const box of document.querySelectorAll('pre, .wide, .picture')) look.observe(box);
}
