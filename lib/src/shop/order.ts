/** An order, as the shop writes it to its topic. */
export interface Order {
  /** `o-1`, `o-2`, …: the same for the same place in the same stream. */
  id: string;
  customer: string;
  item: string;
  /** At least 1. */
  quantity: number;
  /** In cents: money is no fraction. */
  total: number;
}

/** An order as a record: its key is the customer, so that the orders of one customer keep their order. */
export interface OrderEvent {
  key: string;
  value: string;
}

const CUSTOMERS = [
  'ada',
  'bela',
  'chen',
  'dana',
  'emil',
  'fay',
  'gus',
  'hana',
  'ivo',
  'jun',
  'kim',
  'lea',
];
const ITEMS: readonly (readonly [name: string, price: number])[] = [
  ['kettle', 3490],
  ['teapot', 2850],
  ['mug', 890],
  ['tea strainer', 420],
  ['honey', 650],
];

/**
 * The orders of a shop, each by its place: `event(0)`, `event(1)`, … The same seed gives the same orders, in whatever
 * order they are asked for.
 */
export function orderEvents({ seed }: { seed: number }): (n: number) => OrderEvent {
  return (n) => {
    const order = orderAt(seed, n);
    return { key: order.customer, value: JSON.stringify(order) };
  };
}

export function orderAt(seed: number, n: number): Order {
  const pick = (salt: number, choices: number) => hash(seed, n, salt) % choices;
  const [item, price] = ITEMS[pick(1, ITEMS.length)] as (typeof ITEMS)[number];
  const quantity = 1 + pick(2, 4);
  const customer = CUSTOMERS[pick(3, CUSTOMERS.length)] as string;
  return { id: `o-${n + 1}`, customer, item, quantity, total: quantity * price };
}

/** Mixes whole numbers to 32 bits that look random (the finalizer of MurmurHash3, once a number). */
function hash(...numbers: number[]): number {
  return numbers.reduce((mixed, number) => {
    let h = Math.imul(mixed ^ number, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  }, 0x2545f491);
}
