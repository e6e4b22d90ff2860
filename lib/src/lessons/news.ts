/** What a lesson tells whoever listens, and learners have agreed to share. */
export type LessonNews =
  | { kind: 'progress' }
  /** What was predicted, as text, and of what where a lesson has several. */
  | { kind: 'prediction'; of: string; said: string };

type Listener = (lesson: string, news: LessonNews) => void;

const listeners = new Set<Listener>();

/** Calls `listener` when a claim was remembered or a prediction compared. Returns how to take that back. */
export function onLessonNews(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function tellNews(lesson: string, news: LessonNews): void {
  for (const listener of listeners) listener(lesson, news);
}
