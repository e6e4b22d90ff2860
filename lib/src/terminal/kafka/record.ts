import type { Paint } from '../ui/colour.js';
import { decoded, jsonLine, readable } from '../ui/text.js';

/** A record as it lies in the log. */
export interface LogRecord {
  topic: string;
  partition: number;
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
  /** Of a share group: how often it has been delivered, this time included. */
  deliveryCount?: number;
}

/** One line for a person. */
export function recordLine(record: LogRecord, paint: Paint): string {
  const { partition, offset, key, value, deliveryCount = 1 } = record;
  const place = `partition ${partition}  offset ${String(offset).padEnd(5)}`;
  const again = deliveryCount > 1 ? `  delivery ${deliveryCount}` : '';
  return `${paint(partition, place)}  ${key === null ? 'no key' : readable(key)}  ${readable(value)}${again}`;
}

/** One line for a program. Bytes that are not UTF-8 come as keyBase64, valueBase64, beside a null. */
export function recordJson(
  { key, value, ...place }: LogRecord,
  by: Record<string, unknown> = {},
): string {
  return jsonLine({
    type: 'record',
    ...by,
    ...place,
    ...field('key', key),
    ...field('value', value),
  });
}

function field(name: 'key' | 'value', bytes: Buffer | null): Record<string, string | null> {
  if (bytes === null) return { [name]: null };
  const text = decoded(bytes);
  if (text !== undefined) return { [name]: text };
  return { [name]: null, [`${name}Base64`]: bytes.toString('base64') };
}
