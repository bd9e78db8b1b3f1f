import type { Job } from './job.js';

/**
 * Waiting jobs in the order they will be served: everyone's first before anyone's second, and so on; within a round by
 * acceptance. A member's running job counts as their first, so a member with ten jobs never delays another's first.
 */
export function serviceOrder(waiting: readonly Job[], running: readonly Job[]): Job[] {
  const seen = new Map<string, number>();
  const nextRound = ({ member }: Job): number => {
    const owner = `${member.platform}:${member.id}`;
    const round = seen.get(owner) ?? 0;
    seen.set(owner, round + 1);
    return round;
  };
  for (const job of running) nextRound(job);
  return waiting
    .toSorted((a, b) => a.sequence - b.sequence)
    .map((job) => ({ job, round: nextRound(job) }))
    .toSorted((a, b) => a.round - b.round || a.job.sequence - b.job.sequence)
    .map(({ job }) => job);
}
