/** The longest a timer of the system can wait, in milliseconds: 24.8 days. */
const LONGEST = 2 ** 31 - 1;

/** A timer that can wait for longer than those of the system, and keeps no process alive. */
export interface LongTimer {
  clear(): void;
}

/** Runs something once, so many milliseconds from now. */
export function startLongTimer(run: () => void, milliseconds: number): LongTimer {
  let timer: NodeJS.Timeout;
  const arm = (left: number): void => {
    const next = left > LONGEST ? () => arm(left - LONGEST) : run;
    timer = setTimeout(next, Math.min(LONGEST, Math.max(0, left))).unref();
  };
  arm(milliseconds);
  return { clear: () => clearTimeout(timer) };
}
