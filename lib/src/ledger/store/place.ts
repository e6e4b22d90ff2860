/** A record's place: topic, partition and offset name it for ever. */
export interface Place {
  topic: string;
  partition: number;
  offset: number;
}

export function placeName({ topic, partition, offset }: Place): string {
  return `${topic}/${partition}/${offset}`;
}
