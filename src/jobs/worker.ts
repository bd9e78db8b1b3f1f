import { randomUUID } from 'node:crypto';
import { LikenessError } from '../../pipeline/errors.js';
import { errorText, translator } from '../texts.js';
import { deliverAlbum } from './delivery.js';
import { endJob, type EndingJob, type EndingParts, failure, LEASE } from './ending.js';
import type { FinishedAlbum, PortraitEngine } from './engine.js';
import type { Estimator } from './estimate.js';
import type { Job } from './job.js';

const HEARTBEAT = LEASE / 3;
/** How often a job is tried; one that brings the program down must not do so for ever. */
export const MAX_ATTEMPTS = 3;
/** Milliseconds until the second attempt; three times as long until each later one. */
const FIRST_BACK_OFF = 5000;

/** Works off the jobs of a store. */
export interface Worker {
  /** Looks for a job now; called when one was accepted, and now and then. */
  wake(): void;
  /** Stops a job this worker is running, between two steps of the engine. */
  abort(jobId: string): void;
  /** Takes no more jobs and resolves when the running ones are delivered. */
  drain(): Promise<void>;
}

export interface WorkerOptions extends EndingParts {
  readonly engine: PortraitEngine;
  readonly estimator: Estimator;
  /** Jobs worked on at a time. */
  readonly concurrency?: number;
  readonly now?: () => number;
}

interface RunningJob {
  readonly job: Job;
  readonly holder: string;
  readonly controller: AbortController;
}

/** A worker that sleeps until it is woken. */
export function createWorker(options: WorkerOptions): Worker {
  const { store, concurrency = 1, onError } = options;
  const holder = randomUUID();
  const running = new Map<string, RunningJob>();
  const lanes = new Set<Promise<void>>();
  let again = false;
  let draining = false;

  const workOff = async (): Promise<void> => {
    while (!draining) {
      again = false;
      const job = await store.lease(holder, LEASE);
      if (!job) return;
      // A lease of one's own runs out where the machine slept; the job is being worked on all the same.
      if (running.has(job.id)) continue;
      const leased = { job, holder, controller: new AbortController() };
      running.set(job.id, leased);
      await runJob(leased, options).catch((error: unknown) => onError(error, job));
      running.delete(job.id);
    }
  };
  const openLane = (): void => {
    const lane: Promise<void> = workOff()
      .catch((error: unknown) => onError(error))
      .finally(() => {
        lanes.delete(lane);
        if (again) wake();
      });
    lanes.add(lane);
  };
  const wake = (): void => {
    again = true;
    while (!draining && lanes.size < concurrency) openLane();
  };
  return {
    wake,
    abort: (jobId) => running.get(jobId)?.controller.abort(),
    async drain() {
      draining = true;
      await Promise.all(lanes);
    },
  };
}

async function runJob(running: RunningJob, options: WorkerOptions): Promise<void> {
  const { job, holder } = running;
  const { store, board, onError } = options;
  const sign = () => void beat(running, options).catch((error: unknown) => onError(error, job));
  const heart = setInterval(sign, HEARTBEAT).unref();
  try {
    await board.refresh();
    const outcome = await attempt(running, options);
    if (outcome === 'again') await store.retry(job.id, holder, FIRST_BACK_OFF * 3 ** (job.attempts - 1));
    else await endJob({ job, holder, ...outcome }, options);
  } finally {
    clearInterval(heart);
    await board.refresh();
  }
}

type Outcome = Pick<EndingJob, 'ending' | 'send'>;

/** Makes the album, unless how the job ends is known already; answers how it ends and what is to be sent. */
async function attempt({ job, controller }: RunningJob, options: WorkerOptions): Promise<Outcome | 'again'> {
  const { board, estimator, onError, now = Date.now } = options;
  const told = job.ending !== undefined && job.ending.end !== 'done' ? job.ending : undefined;
  if (told) return { ending: told };
  if (job.cancelRequested) return { ending: cancelled(job) };
  if (job.attempts > MAX_ATTEMPTS) return { ending: failure(job, job.ending ? 'delivery-unknown' : 'engine-failed') };
  const begun = now();
  try {
    const album = await makeAlbum(job, controller.signal, options);
    estimator.record(job.parameters.count, now() - begun);
    return { ending: { end: 'done' }, send: async () => deliverAlbum(job, album, board.reply(job)) };
  } catch (error) {
    if (controller.signal.aborted) return { ending: cancelled(job) };
    onError(error, job);
    const engineDied = error instanceof LikenessError && error.code === 'engine-failed';
    if (engineDied && job.attempts < MAX_ATTEMPTS) return 'again';
    return { ending: { end: 'failed', text: errorText(error, translator(job.locale)) } };
  }
}

function cancelled({ locale }: Job): Outcome['ending'] {
  return { end: 'cancelled', text: translator(locale)('errors.cancelled') };
}

async function makeAlbum(job: Job, signal: AbortSignal, options: WorkerOptions): Promise<FinishedAlbum> {
  const found = await Promise.all(job.photos.map((id) => options.vault.get(id)));
  const photos = found.filter((photo) => photo !== undefined);
  try {
    // A photo that is gone after the album was made: whether that album arrived, nobody knows.
    if (photos.length < job.photos.length) throw new LikenessError(job.ending ? 'delivery-unknown' : 'photo-expired');
    const album = await options.engine.portrait(
      { ...job.parameters, photos },
      { signal, onProgress: (progress) => options.board.progress(job, progress) },
    );
    if (album.portraits.length === 0) throw new LikenessError('no-portrait');
    return album;
  } finally {
    for (const photo of photos) photo.fill(0);
  }
}

/** A sign of life; a lease that was lost, or a wish to cancel heard elsewhere, stops the work. */
async function beat({ job, holder, controller }: RunningJob, { store }: WorkerOptions): Promise<void> {
  const current = await store.extend(job.id, holder, LEASE);
  if (!current || (current.cancelRequested && current.state === 'running')) controller.abort();
}
