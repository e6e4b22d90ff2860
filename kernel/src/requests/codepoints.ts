/** The wire counts in code points, TypeScript and JavaScript in UTF-16 units. */
export function toUnits(text: string, points: number): number {
  return [...text].slice(0, points).join('').length;
}

export function toPoints(text: string, units: number): number {
  return [...text.slice(0, units)].length;
}
