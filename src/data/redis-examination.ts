import { good, type Observation, wrong } from '../observation.js';
import { openRedis } from './redis.js';

/** The oldest Redis that has what the jobs' scripts use. */
const OLDEST = '6.2.0';

/**
 * Looks at a Redis: whether it answers, is new enough, and throws nothing away.
 * @throws LikenessError `redis-unreachable`.
 */
export async function examineRedis(url: string): Promise<readonly Observation[]> {
  const redis = await openRedis({ url, onError: () => undefined });
  try {
    await redis.ping();
    const facts = readFacts(await redis.info());
    const [version = '', policy = 'noeviction', lasting] = ['redis_version', 'maxmemory_policy', 'aof_enabled'].map(
      (name) => facts.get(name),
    );
    if (version.localeCompare(OLDEST, 'en', { numeric: true }) < 0) {
      return [wrong('cli.doctor.redis-old', { version, needed: OLDEST })];
    }
    return [
      good('cli.doctor.redis-ok', { version }),
      ...(policy === 'noeviction' ? [] : [wrong('cli.doctor.redis-evicts', { policy })]),
      ...(lasting === '1' ? [] : [wrong('cli.doctor.redis-forgets')]),
    ];
  } finally {
    redis.disconnect();
  }
}

/** The lines `name:value` of what Redis says of itself. */
function readFacts(info: string): ReadonlyMap<string, string> {
  return new Map([...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]));
}
