import type { Config } from '../config.js';
import { createFactPause, createFilePause } from '../data/pause.js';
import { openSharedFacts } from '../data/redis-facts.js';
import { openRedis } from '../data/redis.js';

/**
 * Pauses the making of portraits, or takes that back, for every program with this configuration.
 * @throws LikenessError `redis-unreachable`, `data-unusable`.
 */
export async function setPaused({ data, redis: { url } }: Config, on: boolean): Promise<void> {
  if (url === undefined) return createFilePause(data).set(on);
  const redis = await openRedis({ url, onError: () => undefined });
  try {
    await createFactPause(openSharedFacts(redis)).set(on);
  } finally {
    await redis.quit();
  }
}
