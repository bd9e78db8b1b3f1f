import { z } from 'zod';
import { STAGES } from '../../pipeline/index.js';
import type { Redis } from '../data/redis.js';
import type { News, NewsWire } from './news.js';

const CHANNEL = 'likeness:news';

const news = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('work') }),
  z.object({ kind: z.literal('queue') }),
  z.object({ kind: z.literal('made'), album: z.object({ count: z.number(), milliseconds: z.number() }).optional() }),
  z.object({
    kind: z.literal('progress'),
    jobId: z.string(),
    progress: z.object({ stage: z.enum(STAGES), done: z.number(), total: z.number() }),
  }),
  z.object({ kind: z.literal('abort'), jobId: z.string() }),
]) satisfies z.ZodType<News>;

/** News by Redis's publishing; it listens on a connection of its own. */
export function createRedisNews(redis: Redis, onError: (error: unknown) => void): NewsWire {
  const listening = redis.duplicate({ lazyConnect: true }).on('error', onError);
  return {
    tell: (told) => void redis.publish(CHANNEL, JSON.stringify(told)).catch(onError),
    async hear(listener) {
      listening.on('message', (_, text) => {
        const heard = news.safeParse(JSON.parse(text));
        // A process of another version may tell of more.
        if (heard.success) listener(heard.data);
      });
      await listening.subscribe(CHANNEL);
    },
    close: async () => listening.disconnect(),
  };
}
