import { pickable, toldApart } from '../drawing/chart.js';
import { type Cast, labelInk, NOBODY } from '../drawing/palette.js';
import { type Bar, IN_ITS_BAR } from './bars.js';

export function layers(owners: Cast, axes: number, someIdle: boolean): object[] {
  return [
    ownerBars(owners, axes, someIdle),
    {
      transform: [{ filter: "datum.label !== ''" }],
      mark: { ...LABEL, limit: { expr: IN_ITS_BAR } },
      encoding: { text: { field: 'label' }, color: labelInk('member'), x2: null },
    },
  ];
}

/** A bar of one of many members, in their colour; its label says which. */
export function named(bar: Bar, owners: Cast): Bar {
  const member = bar.member === 'nobody' ? bar.member : owners.of(bar.member);
  return member === bar.member ? bar : { ...bar, member, label: bar.label && bar.member };
}

/** The name of an owner, in its bar. */
export const LABEL = { type: 'text', align: 'left', dx: 5, fontSize: 12, fontWeight: 'bold' };

/** Being there is no work. */
const PALE_IF_IDLE = {
  condition: { test: "slice(datum.lane, -8) === ' is idle'", value: 0.3 },
  value: 1,
};

/** The bars of owners, and of pauses without one. */
export function ownerBars({ domain, range }: Cast, axes: number, someIdle: boolean) {
  const tooltip = [
    { field: 'lane', title: 'partition' },
    { field: 'member', title: 'owner' },
    { field: 'from', title: 'from (s)', format: '.2f' },
    { field: 'to', title: 'to (s)', format: '.2f' },
    { field: 'records', title: 'records processed' },
  ];
  const scale = { domain: [...domain, 'nobody'], range: [...range, NOBODY] };
  // A rebalance can be shorter than a pixel: its outline shows it all the same.
  const { params, opacity } = pickable('member');
  const outline = { condition: { test: "datum.member === 'nobody'", value: NOBODY }, value: null };
  return {
    params,
    mark: { type: 'bar', height: { band: 0.7 }, strokeWidth: 2 },
    encoding: {
      color: toldApart('member', 'owner', scale, axes),
      stroke: outline,
      ...(someIdle ? { fillOpacity: PALE_IF_IDLE } : {}),
      opacity,
      tooltip,
    },
  };
}
