/** A partition, as share groups name it: by the id of its topic. */
export interface Place {
  /** 32 hexadecimal digits. */
  topicId: string;
  partition: number;
}

export const keyOf = ({ topicId, partition }: Place): string => `${topicId}:${partition}`;

/** What belongs to each topic, in the order in which the topics come. */
export function byTopic<P extends Place>(places: readonly P[]): [topicId: string, P[]][] {
  const topics = new Map<string, P[]>();
  for (const place of places) {
    const of = topics.get(place.topicId);
    if (of) of.push(place);
    else topics.set(place.topicId, [place]);
  }
  return [...topics];
}
