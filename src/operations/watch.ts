import type { Stage } from '../../pipeline/index.js';
import type { PlatformName } from '../chat/member.js';
import type { ChatPlatform } from '../chat/platform.js';
import type { Reply } from '../chat/reply.js';
import type { PortraitEngine } from '../jobs/engine.js';
import type { Job, JobEnd } from '../jobs/job.js';
import type { JobStore } from '../jobs/store.js';
import type { PhotoBox } from '../media/photo-box.js';
import type { Metrics } from './metrics.js';

/** What happens to jobs. */
export interface JobWatcher {
  accepted(job: Job): void;
  /** A worker took the job; `attempts` counts this time too. */
  started(job: Job): void;
  ended(id: string, end: JobEnd): void;
}

/** A store that tells of what happens to its jobs. */
export function watchStore(store: JobStore, watchers: readonly JobWatcher[]): JobStore {
  const ended = (id: string, end: JobEnd): void => watchers.forEach((watcher) => watcher.ended(id, end));
  return {
    ...store,
    async enqueue(draft, limits) {
      const answer = await store.enqueue(draft, limits);
      if (answer.created) for (const watcher of watchers) watcher.accepted(answer.job);
      return answer;
    },
    async lease(holder, milliseconds) {
      const job = await store.lease(holder, milliseconds);
      if (job?.state === 'running') for (const watcher of watchers) watcher.started(job);
      return job;
    },
    async finish(id, holder, end) {
      const finished = await store.finish(id, holder, end);
      if (finished) ended(id, end);
      return finished;
    },
  };
}

/** Counts the jobs of a store. */
export function measureJobs(metrics: Metrics): JobWatcher {
  return {
    accepted: ({ member }) => metrics.accepted(member.platform),
    started({ attempts, startedAt, acceptedAt }) {
      if (attempts === 1 && startedAt !== undefined) metrics.waited(startedAt - acceptedAt);
    },
    ended: (_, end) => metrics.ended(end),
  };
}

/** An engine whose albums and steps are timed. */
export function measureEngine(engine: PortraitEngine, metrics: Metrics, now = () => performance.now()): PortraitEngine {
  return {
    async portrait(request, { signal, onProgress }) {
      const begun = now();
      let last: { readonly stage: Stage; readonly at: number } | undefined;
      const note = (stage: Stage): void => {
        const at = now();
        // A step begins where the one before it ended; across stages the time between belongs to neither.
        if (last?.stage === stage) metrics.step(stage, at - last.at);
        last = { stage, at };
      };
      try {
        const album = await engine.portrait(request, {
          signal,
          onProgress(progress) {
            note(progress.stage);
            onProgress(progress);
          },
        });
        metrics.album('made', now() - begun);
        return album;
      } catch (error) {
        metrics.album(signal.aborted ? 'cancelled' : 'failed', now() - begun);
        throw error;
      }
    },
  };
}

/** A platform whose answers are counted by kind and outcome. */
export function measurePlatform(platform: ChatPlatform, metrics: Metrics): ChatPlatform {
  const { name, statusInterval } = platform;
  return {
    name,
    statusInterval,
    start: (host) => platform.start(host),
    restore: (address) => platform.restore?.(address),
    stopTaking: async () => platform.stopTaking?.(),
    reply: (address) => measureReply(platform.reply(address), name, metrics),
    post: (address, post, earlier) => platform.post(address, post, earlier),
    forget: (member) => platform.forget(member),
    stop: () => platform.stop(),
  };
}

/** A reply whose answers are counted; each method says here whether it counts. */
function measureReply(reply: Reply, platform: PlatformName, metrics: Metrics): Reply {
  const count = async (kind: keyof Reply, send: () => Promise<void>): Promise<void> => {
    try {
      await send();
      metrics.sent(platform, kind, 'sent');
    } catch (error) {
      metrics.sent(platform, kind, 'failed');
      throw error;
    }
  };
  return {
    get whispers() {
      return reply.whispers;
    },
    acknowledge: () => count('acknowledge', () => reply.acknowledge()),
    say: (text, buttons) => count('say', () => reply.say(text, buttons)),
    list: (points, buttons) => count('list', () => reply.list(points, buttons)),
    show: (text, pictures, buttons) => count('show', () => reply.show(text, pictures, buttons)),
    refuse: (text) => count('refuse', () => reply.refuse(text)),
    askConsent: (text) => count('askConsent', () => reply.askConsent(text)),
    canDeliver: () => reply.canDeliver(),
    status: (view) => count('status', () => reply.status(view)),
    album: (album) => count('album', () => reply.album(album)),
    conclude: (jobId, text, offer) => count('conclude', () => reply.conclude(jobId, text, offer)),
  };
}

/** A photo box whose refusals are counted. */
export function measurePhotos(photos: PhotoBox, metrics: Metrics): PhotoBox {
  return {
    async keep(attachment, owner) {
      try {
        return await photos.keep(attachment, owner);
      } catch (error) {
        metrics.photoRefused(error);
        throw error;
      }
    },
    wipe: (ids) => photos.wipe(ids),
  };
}
