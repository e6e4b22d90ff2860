import { z } from 'zod';
import { LabError } from '../errors.js';
import type { Order } from './order.js';

/** What a service takes for an order. Fields that it does not know are left alone: producers may be newer. */
export const orderSchema: z.ZodType<Order> = z.looseObject({
  id: z.string().regex(/^o-\d+$/),
  customer: z.string().min(1),
  item: z.string().min(1),
  quantity: z.int().min(1),
  total: z.int().min(0),
});

/** Reads the value of a record. @throws LabError BAD_INPUT that names what is wrong with it */
export function parseOrder(value: Buffer | null): Order {
  const result = orderSchema.safeParse(fromJson(value));
  if (result.success) return result.data;
  throw new LabError('BAD_INPUT', {
    what: `This is not an order: ${z.prettifyError(result.error).replaceAll('\n', ' ')}.`,
    why: 'The value of a record has to fit the schema in lib/src/shop/schema.ts.',
  });
}

function fromJson(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString() ?? '');
  } catch {
    return undefined;
  }
}
