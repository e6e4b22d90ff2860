import type { Ask } from '../network/network.js';
import type { Place } from '../places.js';
import { leadersOf } from '../protocol/topics.js';

/** Whom to ask for which partitions. */
export interface Leaders {
  /** Partitions by the broker that leads them. */
  byBroker: Map<number, Place[]>;
  /** The names of topics by their ids. */
  names: Map<string, string>;
  /** Whether there are partitions that nobody leads now, or of a topic that is not known (yet, or any more). */
  isPartial: boolean;
}

/** Asks any broker who leads these partitions now. @throws as `any` does */
export async function findLeaders(any: Ask, places: readonly Place[]): Promise<Leaders> {
  const found: Leaders = { byBroker: new Map(), names: new Map(), isPartial: false };
  const topicIds = [...new Set(places.map(({ topicId }) => topicId))];
  const topics = topicIds.length === 0 ? [] : await any(leadersOf(topicIds));
  const byId = new Map(topics.map((topic) => [topic.topicId, topic]));
  for (const place of places) {
    const topic = byId.get(place.topicId);
    const leader = topic?.leaders.get(place.partition) ?? NOBODY;
    if (topic?.topic) found.names.set(place.topicId, topic.topic);
    if (leader === NOBODY) found.isPartial = true;
    else found.byBroker.set(leader, [...(found.byBroker.get(leader) ?? []), place]);
  }
  return found;
}

const NOBODY = -1;
