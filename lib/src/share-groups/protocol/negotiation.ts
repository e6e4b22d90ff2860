import type { KafkaRequest } from '../../requests/brokers.js';
import { ShareGroupError } from '../errors.js';

/** A request's number, and the versions of it that this client knows. */
export interface Api {
  name: string;
  key: number;
  min: number;
  max: number;
}

/** The versions of each request that a broker offers, by the request's number. */
export type Offers = ReadonlyMap<number, { min: number; max: number }>;

/**
 * ApiVersions, version 0. Each broker is asked: while a cluster is upgraded they differ, and kafkajs takes all for the first
 * one that it asked.
 */
export function apiVersions(): KafkaRequest<Offers> {
  return {
    ...{ name: 'ApiVersions', key: 18, version: 0, flexible: false },
    write: () => {},
    read: (reader) => {
      reader.int16(); // every broker knows this version
      const offers = reader.array((): [number, { min: number; max: number }] => {
        const key = reader.int16();
        return [key, { min: reader.int16(), max: reader.int16() }];
      });
      return new Map(offers);
    },
  };
}

/**
 * The newest version that both know.
 * @throws ShareGroupError UNSUPPORTED_VERSION, which says what the broker offers
 */
export function negotiated(api: Api, offers: Offers): number {
  const offered = offers.get(api.key);
  const version = Math.min(api.max, offered?.max ?? -1);
  if (offered && version >= Math.max(api.min, offered.min)) return version;
  const has = offered ? `offers ${inWords(offered)}` : 'does not know this request';
  throw new ShareGroupError(
    'UNSUPPORTED_VERSION',
    `${api.name}: this client knows ${inWords(api)}, the broker ${has}. Share groups need Kafka 4.2 or newer, or 4.1 with share.version=1.`,
  );
}

const inWords = ({ min, max }: { min: number; max: number }): string =>
  min === max ? `version ${min}` : `versions ${min} to ${max}`;
