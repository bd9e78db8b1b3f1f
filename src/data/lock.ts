import { randomUUID } from 'node:crypto';
import type { Redis } from './redis.js';

/** Something that only one of several processes may do at a time. */
export interface Lock {
  /** Takes the lock, or keeps it, for that many milliseconds; answers whether it is this process's now. */
  hold(milliseconds: number): Promise<boolean>;
  /** Lets the next one have it; nothing happens where it is somebody else's. */
  pass(): Promise<void>;
}

const HOLD = `
local holder = redis.call('get', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
return 1`;

const PASS = `
if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end
return 1`;

/** A lock among all processes that know the same Redis. One that died has it for as long as it was last taken for. */
export function createLock(redis: Redis, name: string): Lock {
  const key = `likeness:lock:${name}`;
  const holder = randomUUID();
  return {
    hold: async (milliseconds) => (await redis.eval(HOLD, 1, key, holder, Math.ceil(milliseconds))) === 1,
    pass: async () => void (await redis.eval(PASS, 1, key, holder)),
  };
}
