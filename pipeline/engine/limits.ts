/** What the supervisor puts up with from its child process before it ends it. Times in milliseconds, memory in bytes. */
export interface EngineLimits {
  /** From the fork to the loaded bundle. */
  readonly startMs: number;
  /** Without any message; a single run of a graph is silent, so this must be longer than the longest one. */
  readonly silenceMs: number;
  /** For one request from its first to its last step. */
  readonly requestMs: number;
  /** From a cancel, a time limit or a close to the child's reaction. */
  readonly reactionMs: number;
  /** Resident memory of the child. */
  readonly memoryBytes: number;
  /** The wait before the second restart in a row; it doubles with each further crash. The first restart is at once. */
  readonly restartMs: number;
  /** The longest wait before a restart. */
  readonly longestRestartMs: number;
}

/** The limits of an engine that is given none: generous for the largest bundle on a CPU. */
export const DEFAULT_LIMITS: EngineLimits = Object.freeze({
  startMs: 120_000,
  silenceMs: 120_000,
  requestMs: 1_800_000,
  reactionMs: 10_000,
  memoryBytes: 16 * 2 ** 30,
  restartMs: 500,
  longestRestartMs: 30_000,
});

/** How long to wait before a start after so many crashes in a row. */
export function restartDelay(crashes: number, { restartMs, longestRestartMs }: EngineLimits): number {
  return crashes < 2 ? 0 : Math.min(longestRestartMs, restartMs * 2 ** (crashes - 2));
}
