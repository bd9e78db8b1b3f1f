import { performance } from 'node:perf_hooks';
import type { ServerResponse } from 'node:http';

/** Requests of one bucket in one window, and the window's length in milliseconds of real time, which discord.js waits by. */
const LIMIT = 5;
const WINDOW = 200;

interface Bucket {
  used: number;
  until: number;
}

/** Rate limits: a bucket for each route and its major parameters. Asking too early is answered 429 and counted. */
export class FakeBuckets {
  /** Requests answered 429 although headers had told how long to wait. */
  violations = 0;
  readonly #buckets = new Map<string, Bucket>();
  #refusals = 0;

  /** The next requests are answered 429 whatever the headers said, as Discord's shared limits do. */
  refuseNext(count: number): void {
    this.#refusals += count;
  }

  /** Writes the headers; false when the request is over the limit and was answered. */
  admit(key: string, response: ServerResponse): boolean {
    const now = performance.now();
    const found = this.#buckets.get(key);
    const bucket = found && found.until > now ? found : { used: 0, until: now + WINDOW };
    this.#buckets.set(key, bucket);
    const wait = (bucket.until - now) / 1000;
    response.setHeader('x-ratelimit-bucket', Buffer.from(key).toString('base64url').slice(0, 40));
    response.setHeader('x-ratelimit-limit', LIMIT);
    response.setHeader('x-ratelimit-remaining', Math.max(0, LIMIT - bucket.used - 1));
    response.setHeader('x-ratelimit-reset-after', wait.toFixed(3));
    const refused = this.#refusals > 0;
    if (refused) this.#refusals--;
    if (!refused && bucket.used < LIMIT) {
      bucket.used++;
      return true;
    }
    if (!refused) this.violations++;
    response.setHeader('retry-after', wait.toFixed(3));
    response.setHeader('x-ratelimit-scope', refused ? 'shared' : 'user');
    response.writeHead(429, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: 'You are being rate limited.', retry_after: wait, global: false }));
    return false;
  }
}
