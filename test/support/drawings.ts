/** Markdown's pictures of drawings, `![alternative text](drawings/NAME.svg)`. @returns their paths */
export function drawingsIn(markdown: string): string[] {
  return [...markdown.matchAll(/!\[[^\]]*\]\((drawings\/[^)]+)\)/g)].map(
    ([, path]) => path as string,
  );
}

/** The width of JupyterLab's text where the window is narrow, in CSS pixels. */
const WIDEST = 700;

/** What a drawing does against the style that all share; empty when all is well. */
export function drawingFaults(name: string, svg: string): string[] {
  const width = Number(/<svg\b[^>]*\swidth="(\d+)"/.exec(svg)?.[1]);
  return [
    ...(width <= WIDEST ? [] : [`${name} is ${width} px wide, more than ${WIDEST}`]),
    ...(/<title>[^<]{10,}<\/title>/.test(svg) ? [] : [`${name} has no title`]),
    ...(/<rect class="ground"/.test(svg) ? [] : [`${name} has no ground: a dark page hides it`]),
    ...(/<script|\son\w+=|href=|@import|url\((?!#)/.test(svg)
      ? [`${name} is more than a picture`]
      : []),
  ];
}
