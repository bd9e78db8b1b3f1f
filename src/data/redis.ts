import { Redis } from 'ioredis';
import { LikenessError } from '../errors.js';

/** A connection to Redis. */
export type { Redis } from 'ioredis';

export interface RedisOptions {
  /** Where it is: `redis://`, `rediss://` (encrypted) or `unix://`, with the password in it where there is one. */
  readonly url: string;
  /** Called when the connection is lost; it is made again by itself. */
  readonly onError: (error: unknown) => void;
  /** Hears when the connection is lost, and when it is back. */
  readonly onReach?: (reached: boolean) => void;
}

/**
 * Connects to Redis. What is asked for while the connection is lost waits until it is back.
 * @throws LikenessError `redis-unreachable` when there is none yet, `redis-refused` when it wants another name or password.
 */
export async function openRedis({ url, onError, onReach }: RedisOptions): Promise<Redis> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true });
  let failure: unknown;
  redis.on('error', (error) => {
    failure = error;
  });
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw explainRedis(failure ?? error, withoutSecrets(url));
  }
  redis.removeAllListeners('error').on('error', onError);
  redis.on('close', () => onReach?.(false)).on('ready', () => onReach?.(true));
  return redis;
}

/** Which of the two it is that hinders; Redis begins what it says with a code, whose words may hold secrets. */
function explainRedis(cause: unknown, address: string): LikenessError {
  const [problem] = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR AUTH)\b/.exec(cause instanceof Error ? cause.message : '') ?? [];
  if (problem === undefined) return new LikenessError('redis-unreachable', { address }, { cause });
  return new LikenessError('redis-refused', { address, problem }, { cause });
}

/** The address as it may be shown: no user, no password, no options. */
function withoutSecrets(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
