import type { Progress } from '../../pipeline/index.js';

/** What processes that share a store tell each other. Nothing depends on it: whoever misses it finds out a little later. */
export type News =
  /** There may be a job to work on. */
  | { readonly kind: 'work' }
  /** Jobs were taken from the queue, or put back. */
  | { readonly kind: 'queue' }
  /** A job's member can be told how it ended; an album of so many portraits took so many milliseconds. */
  | { readonly kind: 'made'; readonly album?: { readonly count: number; readonly milliseconds: number } | undefined }
  | { readonly kind: 'progress'; readonly jobId: string; readonly progress: Progress }
  /** The job's owner wants it no more. */
  | { readonly kind: 'abort'; readonly jobId: string };

/** The way news go to every process, this one too. */
export interface NewsWire {
  tell(news: News): void;
  hear(listener: (news: News) => void): Promise<void>;
  close(): Promise<void>;
}
