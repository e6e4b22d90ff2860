import { escaped } from '../../pages/html.js';

const NAME = '[\\w:-]+';
const ELEMENT = new RegExp(`<(/?)(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*/?>`, 'g');
const ATTRIBUTE = new RegExp(`\\s+(${NAME})="([^"]*)"`, 'g');

const DRAWING = new Set(
  'svg g path rect circle ellipse line polyline polygon text tspan title desc defs clipPath linearGradient radialGradient stop'.split(
    ' ',
  ),
);

/**
 * A picture in a page, named by what `caption` says, the id of an element. What only draws becomes a part of the page, and follows its
 * colours; any other stands there as an image, in which nothing runs.
 */
export function picture(svg: string, { id, caption }: { id: string; caption: string }): string {
  if (!onlyDraws(svg)) {
    const data = Buffer.from(svg).toString('base64');
    return `<img src="data:image/svg+xml;base64,${data}" aria-labelledby="${caption}" alt="">`;
  }
  return slim(svg)
    .replace(/(\sid="|url\(#)/g, `$1${id}-`)
    .replace('<svg', `<svg role="img" aria-labelledby="${escaped(caption)}"`);
}

function onlyDraws(svg: string): boolean {
  const rest = svg.replace(ELEMENT, (_, __, name: string, attributes: string) => {
    const isDrawing = DRAWING.has(name) && [...attributes.matchAll(ATTRIBUTE)].every(isPlain);
    return isDrawing ? '' : '<';
  });
  return svg.startsWith('<svg') && !rest.includes('<');
}

const isPlain = ([, name = '', value = '']: RegExpMatchArray) =>
  !/^on|href$/i.test(name) && !/url\((?!#)/i.test(value);

/** Without what nobody hears inside one picture, and without digits that nobody sees. */
function slim(svg: string): string {
  return svg.replace(ELEMENT, (whole, end: string, _, attributes: string) => {
    if (end) return whole;
    const kept = attributes
      .replace(/\s+(?:aria-[a-z]+|role|class|pointer-events)="[^"]*"/g, '')
      .replace(/(\d+\.\d\d)\d+/g, '$1');
    return whole.replace(attributes, () => kept);
  });
}
