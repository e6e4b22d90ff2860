/** A Vega-Lite v5 specification: plain JSON. */
export type Spec = Record<string, unknown>;

/** A chart: a picture, and the same statement in one sentence for logs and for readers who cannot see it. */
export interface Chart {
  readonly spec: Spec;
  readonly text: string;
}

/** The looks that all charts share, and the sentence as the picture's description for screen readers. */
export function chart(text: string, spec: Spec): Chart {
  return {
    text,
    spec: {
      $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
      description: text,
      width: 640,
      // White in every theme: the exported SVG has no theme to follow.
      background: '#ffffff',
      padding: 8,
      config: {
        font: 'system-ui, sans-serif',
        view: { stroke: null },
        axis: { labelFontSize: 12, titleFontSize: 12, gridColor: '#eeeeee' },
        legend: { labelFontSize: 12, titleFontSize: 12 },
        title: { fontSize: 14, anchor: 'start', offset: 10 },
      },
      ...spec,
    },
  };
}
