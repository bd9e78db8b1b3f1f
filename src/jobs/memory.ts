import { randomUUID } from 'node:crypto';
import { LikenessError } from '../../pipeline/errors.js';
import { serviceOrder } from './fairness.js';
import { type Job, type JobDraft, type JobEnd, sameMember } from './job.js';
import type { ActiveJobs, JobStore } from './store.js';

/** How many ended jobs are remembered, so that a redelivered invocation is recognised. */
const REMEMBERED = 1000;

/** A job store in this process's memory; jobs end with the process. `now` in milliseconds since 1970. */
export function createMemoryStore({ now = Date.now }: { readonly now?: () => number } = {}): JobStore {
  const jobs = new Map<string, Job>();
  const idByKey = new Map<string, string>();
  let sequence = 0;

  const inState = (state: Job['state']): Job[] => [...jobs.values()].filter((job) => job.state === state);
  const active = (): ActiveJobs => {
    const running = inState('running');
    return { running, waiting: serviceOrder(inState('queued'), running) };
  };
  const held = (id: string, holder: string): Job | undefined => {
    const job = jobs.get(id);
    return job?.state === 'running' && job.lease?.holder === holder ? job : undefined;
  };
  const update = (job: Job, changes: Partial<Job>): Job => {
    const changed = { ...job, ...changes };
    jobs.set(job.id, changed);
    return changed;
  };
  const end = (job: Job, state: JobEnd): void => {
    jobs.delete(job.id);
    jobs.set(job.id, { ...job, state });
    forgetOldest(jobs, idByKey);
  };

  return {
    async enqueue(draft, { perMember }) {
      const known = jobs.get(idByKey.get(keyOf(draft)) ?? '');
      if (known) return { job: known, created: false };
      const { running, waiting } = active();
      const own = [...running, ...waiting].filter((job) => sameMember(job.member, draft.member)).length;
      if (own >= perMember) throw new LikenessError('queue-full', { count: own });
      const job: Job = { ...draft, id: randomUUID(), state: 'queued', sequence: sequence++, cancelRequested: false };
      jobs.set(job.id, job);
      idByKey.set(keyOf(draft), job.id);
      return { job, created: true };
    },
    get: async (id) => jobs.get(id),
    async lease(holder, milliseconds) {
      const { running, waiting } = active();
      const job = running.find(({ lease }) => (lease?.until ?? 0) <= now()) ?? waiting[0];
      const lease = { holder, until: now() + milliseconds };
      return job && update(job, { state: 'running', startedAt: now(), lease });
    },
    async extend(id, holder, milliseconds) {
      const job = held(id, holder);
      return job && update(job, { lease: { holder, until: now() + milliseconds } });
    },
    async finish(id, holder, state) {
      const job = held(id, holder);
      if (job) end(job, state);
      return job !== undefined;
    },
    async cancel(id) {
      const job = jobs.get(id);
      if (job?.state === 'running') {
        update(job, { cancelRequested: true });
        return 'requested';
      }
      if (job?.state !== 'queued') return 'gone';
      end(job, 'cancelled');
      return 'ended';
    },
    active: async () => active(),
  };
}

function keyOf({ member, key }: JobDraft): string {
  return `${member.platform}:${key}`;
}

/** Drops the longest-ended jobs beyond the number remembered. */
function forgetOldest(jobs: Map<string, Job>, idByKey: Map<string, string>): void {
  const ended = [...jobs.values()].filter(({ state }) => state !== 'queued' && state !== 'running');
  for (const job of ended.slice(0, Math.max(0, ended.length - REMEMBERED))) {
    jobs.delete(job.id);
    idByKey.delete(keyOf(job));
  }
}
