import { deferred, orCancelled } from './deferred.js';

/** A line in which one piece of work runs at a time, in the order of arrival. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs `work` when everything before it has ended, however it ended.
   * @throws LikenessError `cancelled` at once when the signal is aborted while waiting: the work never starts.
   */
  async take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#last;
    const { promise: done, resolve: leave } = deferred();
    this.#last = Promise.all([before, done]);
    try {
      await orCancelled(before, signal);
      return await work();
    } finally {
      leave();
    }
  }
}
