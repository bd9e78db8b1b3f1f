/** Foretells how long albums take from how long albums took. */
export interface Estimator {
  /** Notes that an album of `count` portraits took `milliseconds`. */
  record(count: number, milliseconds: number): void;
  /** Expected milliseconds of an album; undefined while nothing was measured. */
  duration(count: number): number | undefined;
}

/** Share of the newest measurement in the running mean. */
const NEWEST = 0.4;

/** A running mean of the time one portrait takes, newer albums weighing more. */
export function createEstimator(): Estimator {
  let perPortrait: number | undefined;
  return {
    record(count, milliseconds) {
      const measured = milliseconds / count;
      perPortrait = perPortrait === undefined ? measured : perPortrait + NEWEST * (measured - perPortrait);
    },
    duration: (count) => (perPortrait === undefined ? undefined : perPortrait * count),
  };
}
