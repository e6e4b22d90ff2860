/** An order as it goes into the topic: the key is the customer, the value this object as JSON. */
export interface Order {
  order: number;
  customer: string;
  item: string;
  quantity: number;
  cents: number;
}

const ITEMS: readonly [string, number][] = [
  ['lamp', 3900],
  ['chair', 12900],
  ['mug', 1200],
  ['notebook', 700],
  ['kettle', 4500],
];
const CUSTOMERS = 12;

/** The n-th order, from 0, of an endless row: the same seed gives the same row. */
export function orders(seed: number): (n: number) => Order {
  return (n) => {
    const random = mulberry32(seed * 1_000_003 + n);
    const [item, price] = ITEMS[Math.floor(random() * ITEMS.length)]!;
    const quantity = 1 + Math.floor(random() * 3);
    const customer = `customer-${1 + Math.floor(random() * CUSTOMERS)}`;
    return { order: n + 1, customer, item, quantity, cents: price * quantity };
  };
}

/** Tommy Ettinger's generator: 32 bits of state, good enough for shopping. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
