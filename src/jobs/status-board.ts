import type { Progress } from '../../pipeline/index.js';
import type { PlatformName } from '../chat/member.js';
import type { ChatPlatform } from '../chat/platform.js';
import type { Reply, StatusView } from '../chat/reply.js';
import { type Translate, translator } from '../language/texts.js';
import { type Coalescer, createCoalescer } from './coalesce.js';
import type { Estimator } from './estimate.js';
import type { Job } from './job.js';
import type { ActiveJobs, JobStore } from './store.js';

/** Keeps the one status message of every active job true: place in the queue, progress, end. */
export interface StatusBoard {
  /** Tells every waiting job its place; called after each change of the queue. */
  refresh(): Promise<void>;
  /** Tells everyone after a restart that their job is still known. */
  resume(): Promise<void>;
  progress(job: Job, progress: Progress): void;
  /** No status is sent for the job once this resolved, so that its last message can be. */
  end(job: Job): Promise<void>;
  /** The way to answer a job's member. */
  reply(job: Job): Reply;
  /** Calls back at every change of the queue. Returns how to stop listening. */
  watch(listener: () => void): () => void;
}

export interface StatusBoardOptions {
  readonly store: JobStore;
  readonly platforms: ReadonlyMap<PlatformName, ChatPlatform>;
  readonly estimator: Estimator;
  /** Whether no job is begun at the moment. */
  readonly paused?: () => Promise<boolean>;
  readonly now?: () => number;
}

/** A status board that edits each message no faster than its platform allows. */
export function createStatusBoard(options: StatusBoardOptions): StatusBoard {
  const { store, platforms, estimator, paused = async () => false, now = Date.now } = options;
  const senders = new Map<string, Coalescer<StatusView>>();
  const listeners = new Set<() => void>();
  const platformOf = ({ member }: Job): ChatPlatform => {
    const platform = platforms.get(member.platform);
    if (!platform) throw new Error(`no platform ${member.platform}`);
    return platform;
  };
  const reply = (job: Job): Reply => platformOf(job).reply(job.address);
  const show = (job: Job, view: Omit<StatusView, 'jobId'>): void => {
    // A platform may have been switched off since the job was accepted.
    if (!platforms.has(job.member.platform)) return;
    const known = senders.get(job.id);
    const interval = platformOf(job).statusInterval;
    const sender = known ?? createCoalescer<StatusView>({ interval, send: (next) => reply(job).status(next) });
    senders.set(job.id, sender);
    sender.push({ jobId: job.id, ...view });
  };
  const refresh = async (): Promise<void> => {
    for (const hear of listeners) hear();
    const [active, pausing] = [await store.active(), await paused()];
    const waits = waitsOf(active, { estimator, now: now() });
    for (const [ahead, job] of active.waiting.entries()) {
      const t = translator(job.locale);
      const text = pausing ? t('status.paused') : describeWait(t, active.running.length + ahead, waits[ahead]);
      show(job, { text, cancellable: true });
    }
  };
  return {
    refresh,
    async resume() {
      for (const job of (await store.active()).running) {
        show(job, { text: translator(job.locale)('status.resumed'), cancellable: job.state === 'running' });
      }
      await refresh();
    },
    progress(job, { stage, done, total }) {
      const text = translator(job.locale)(`status.${stage}`);
      show(job, { text, progress: total > 0 ? Math.min(1, done / total) : 0, cancellable: true });
    },
    async end(job) {
      await senders.get(job.id)?.end();
      senders.delete(job.id);
    },
    reply,
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Expected milliseconds until a waiting job begins; undefined while nothing was measured. */
export function waitBefore(job: Job, active: ActiveJobs, forecast: Forecast): number | undefined {
  return waitsOf(active, forecast)[active.waiting.findIndex(({ id }) => id === job.id)];
}

interface Forecast {
  readonly estimator: Estimator;
  readonly now: number;
}

/** The same of every waiting job, in one pass: queues may be long. */
function waitsOf({ running, waiting }: ActiveJobs, { estimator, now }: Forecast): (number | undefined)[] {
  const duration = ({ parameters }: Job): number => estimator.duration(parameters.count) ?? Number.NaN;
  const rest = (job: Job): number => Math.max(0, duration(job) - (now - (job.startedAt ?? now)));
  let sum = running.reduce((total, job) => total + rest(job), 0);
  return waiting.map((job) => {
    const wait = Number.isNaN(sum) ? undefined : sum;
    sum += duration(job);
    return wait;
  });
}

/** A sentence on the place in the queue: `ahead` jobs will be done first, which takes `wait` milliseconds. */
export function describeWait(t: Translate, ahead: number, wait: number | undefined): string {
  if (ahead === 0) return t('status.next');
  if (wait === undefined) return t('status.waiting', { count: ahead });
  return t('status.waiting-eta', { count: ahead, eta: t.duration(wait) });
}
