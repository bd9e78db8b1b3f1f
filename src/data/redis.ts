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
 * Connects to Redis. What is asked for while the connection is lost waits until it is back; so does what is to be written while
 * another Redis takes the place of this one, which follows that from then on and can only be read.
 * @throws LikenessError `redis-unreachable` when there is none yet, `redis-refused` when it wants another name or password,
 *   `redis-read-only` when it can only be read.
 */
export async function openRedis({ url, onError, onReach }: RedisOptions): Promise<Redis> {
  const reconnectOnError = (error: Error): false | typeof AND_ASK_AGAIN =>
    READ_ONLY.test(error.message) && AND_ASK_AGAIN;
  const redis = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true, reconnectOnError });
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
  if (await isReadOnly(redis)) {
    redis.disconnect();
    throw new LikenessError('redis-read-only', { address: withoutSecrets(url) });
  }
  redis.removeAllListeners('error').on('error', onError);
  const look = async (): Promise<void> => onReach?.(!(await isReadOnly(redis)));
  redis.on('close', () => onReach?.(false)).on('ready', () => void look());
  return redis;
}

/** What Redis says of a write, itself or within a script, when it can only be read. */
const READ_ONLY = /\bREADONLY\b/;
/** ioredis connects anew, and asks what was refused again. */
const AND_ASK_AGAIN = 2;

async function isReadOnly(redis: Redis): Promise<boolean> {
  // Somebody who may not ask is taken for one who may write.
  const said = await redis.info('replication').catch(() => '');
  return /^role:slave\r?$/m.test(said) && !/^slave_read_only:0\r?$/m.test(said);
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
