import { z } from 'zod';
import type { Redis } from '../data/redis.js';
import type { Counts, Window } from './counts.js';

/** Key, amount, end in milliseconds since 1970: takes one if there is one left, and answers how many it took. */
const TAKE = `
if tonumber(redis.call('GET', KEYS[1]) or 0) >= tonumber(ARGV[1]) then return 0 end
redis.call('INCR', KEYS[1])
redis.call('PEXPIREAT', KEYS[1], ARGV[2])
return 1
`;

/** Key: gives one back, where the count has not ended meanwhile. */
const GIVE_BACK = `
if tonumber(redis.call('GET', KEYS[1]) or 0) > 0 then redis.call('DECR', KEYS[1]) end
`;

const keyOf = ({ key }: Window): string => `likeness:${key}`;

/** Counts that several processes share; a count ends by itself when its window does. */
export function createSharedCounts(redis: Redis): Counts {
  return {
    take: async (window) =>
      z.number().parse(await redis.eval(TAKE, 1, keyOf(window), window.amount, Math.ceil(window.ends))) === 1,
    giveBack: async (window) => void (await redis.eval(GIVE_BACK, 1, keyOf(window))),
    used: async (window) => Number((await redis.get(keyOf(window))) ?? 0),
  };
}
