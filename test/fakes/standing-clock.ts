const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** A quarter past ten of the day to come, UTC: no test that stands still there sees an hour or a day turn. */
export const MORNING = Math.ceil(Date.now() / DAY) * DAY + 10.25 * HOUR;

/** A clock that stands still then, for limits by the hour and the day. */
export const inTheMorning = (): number => MORNING;
