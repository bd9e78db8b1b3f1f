import { EventEmitter } from 'node:events';
import { Keyv } from 'keyv';
import type { Redis } from './redis.js';

/** What the names of all facts begin with. */
const PREFIX = 'likeness:facts:';

/** Opens the small facts that several processes share: one key a fact. One kept with a `ttl` is ended by Redis. */
export function openSharedFacts(redis: Redis): Keyv {
  return new Keyv({ store: new RedisFacts(redis), useKeyPrefix: false, throwOnErrors: true });
}

/** A Keyv store in Redis; Keyv itself turns values into the text kept here. */
class RedisFacts extends EventEmitter {
  readonly opts = {};
  readonly #redis: Redis;

  constructor(redis: Redis) {
    super();
    this.#redis = redis;
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.#redis.get(PREFIX + key)) ?? undefined;
  }

  async set(key: string, value: string, ttl?: number): Promise<void> {
    if (ttl === undefined) await this.#redis.set(PREFIX + key, value);
    else await this.#redis.set(PREFIX + key, value, 'PX', Math.max(1, Math.ceil(ttl)));
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#redis.del(PREFIX + key)) > 0;
  }

  async clear(): Promise<void> {
    const keys = await this.#redis.keys(`${PREFIX}*`);
    if (keys.length > 0) await this.#redis.del(...keys);
  }
}
