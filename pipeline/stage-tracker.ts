import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from './errors.js';
import type { PortraitOptions, Stage } from './request.js';

/** Follows one request through its stages: the clock of each, overall progress, and the places where it may be cancelled. */
export class StageTracker {
  readonly #options: PortraitOptions;
  #total = 0;
  readonly #milliseconds: Record<Stage, number> = {
    faces: 0,
    identity: 0,
    denoise: 0,
    decode: 0,
    curate: 0,
    upscale: 0,
  };
  #stage: Stage = 'faces';
  #done = 0;

  /** `work` says how many ticks each stage will take. */
  constructor(work: Readonly<Record<Stage, number>>, options: PortraitOptions) {
    this.#options = options;
    this.expect(work);
  }

  /** More work has come up. */
  expect(work: Readonly<Partial<Record<Stage, number>>>): void {
    this.#total += Object.values(work).reduce((sum, ticks) => sum + ticks, 0);
  }

  /** Milliseconds spent in each stage so far, rounded. */
  get milliseconds(): Readonly<Record<Stage, number>> {
    return { ...this.#milliseconds };
  }

  /** Runs a stage and times it. Throws `cancelled` at its start when the request has been cancelled. */
  async run<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
    throwIfCancelled(this.#options.signal);
    this.#stage = stage;
    const start = performance.now();
    const result = await work();
    this.#milliseconds[stage] += Math.round(performance.now() - start);
    return result;
  }

  /**
   * One tick of work is done. Reports it, then lets the event loop turn once: graphs block the thread, and a cancel
   * message must be able to arrive between two of them.
   * @throws LikenessError `cancelled`.
   */
  readonly tick = async (): Promise<void> => {
    this.#done += 1;
    this.#options.onProgress?.({ stage: this.#stage, done: this.#done, total: this.#total });
    await this.turn();
  };

  /**
   * Lets the event loop turn once, between two runs of a graph that are no ticks of work.
   * @throws LikenessError `cancelled`.
   */
  readonly turn = async (): Promise<void> => {
    await nextTurn();
    throwIfCancelled(this.#options.signal);
  };
}
