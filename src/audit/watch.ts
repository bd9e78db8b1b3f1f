import type { Invocation } from '../chat/invocation.js';
import type { Member } from '../chat/member.js';
import { LikenessError } from '../errors.js';
import type { Job } from '../jobs/job.js';
import type { JobWatcher } from '../operations/watch.js';
import type { Objection } from '../safety/output-check.js';
import type { Audit } from './audit.js';

/** Names members and servers by codes. */
type Tag = (member: Member) => string;

/** The command that deletes what is kept of a member: noting who used it would keep something. */
const UNNAMED = 'privacy';

/** Records how each command was answered; without an error, as it asked. */
export function auditAnswers(audit: Audit, tag: Tag): (invocation: Invocation, error?: unknown) => void {
  return ({ member, place: { server }, command }, error) => {
    const { platform } = member;
    audit.record({
      event: 'command',
      ...(command !== UNNAMED && { who: tag(member) }),
      platform,
      ...(server !== undefined && { server: tag({ platform, id: server }) }),
      command,
      ...outcomeOf(error),
    });
  };
}

/** Records which albums were accepted and how they ended. */
export function auditJobs(audit: Audit, tag: Tag): JobWatcher {
  const named = ({ id, member }: Job) => ({ job: id, who: tag(member), platform: member.platform });
  return {
    accepted: (job) =>
      audit.record({ event: 'album', ...named(job), count: job.parameters.count, outcome: 'accepted' }),
    started: () => undefined,
    ended: (job, outcome) => audit.record({ event: 'album', job, outcome }),
  };
}

/** Records why a picture did not leave. */
export function auditPictures(audit: Audit): (objection: Objection) => void {
  return (reason) => audit.record({ event: 'picture', outcome: 'withheld', reason });
}

function outcomeOf(error: unknown): { readonly outcome: string; readonly reason?: string; readonly word?: string } {
  if (error === undefined) return { outcome: 'answered' };
  if (!(error instanceof LikenessError)) return { outcome: 'failed' };
  const { entry } = error.data;
  return { outcome: 'refused', reason: error.code, ...(typeof entry === 'string' && { word: entry }) };
}
