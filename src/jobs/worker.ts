import { randomUUID } from 'node:crypto';
import { LikenessError } from '../errors.js';
import { errorText, translator } from '../language/texts.js';
import { deliverAlbum, type AlbumDelivery } from './delivery.js';
import { cancelled, endJob, type EndingParts, failure, HEARTBEAT, LEASE } from './ending.js';
import type { FinishedAlbum, PortraitEngine } from './engine.js';
import type { Estimator } from './estimate.js';
import type { Job, JobEnding } from './job.js';
import type { StatusBoard } from './status-board.js';

/** How often a job is tried; one that brings the program down must not do so for ever. */
export const MAX_ATTEMPTS = 3;
/**
 * Jobs a worker may have made whose members are not told yet: a platform takes albums at its own pace, minutes apart for a
 * chat it slows down, and nobody else waits for that. With so many albums in memory no more are made.
 */
const MAX_UNTOLD = 16;
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

/** How a job ends, and the album that was made for it in so many milliseconds. */
interface Outcome {
  readonly ending: JobEnding;
  readonly album?: FinishedAlbum;
  readonly milliseconds?: number;
}

/** A job its worker is done with. */
export interface DoneJob extends Outcome {
  readonly job: Job;
  readonly holder: string;
}

/** What every worker has, whoever talks to the members. */
export interface WorkerOptions extends Pick<EndingParts, 'store' | 'vault' | 'onError'> {
  readonly board: Pick<StatusBoard, 'refresh' | 'progress'>;
  /** Sees to it that the member is told. */
  readonly conclude: (done: DoneJob) => Promise<void>;
  readonly engine: PortraitEngine;
  readonly estimator: Estimator;
  /** Whether no job is to be begun at the moment. */
  readonly paused?: () => Promise<boolean>;
  /** Jobs worked on at a time. */
  readonly concurrency?: number;
  readonly now?: () => number;
}

interface RunningJob {
  readonly job: Job;
  readonly holder: string;
  readonly controller: AbortController;
}

/** A worker that tells the members itself. */
export type DeliveringWorkerOptions = Omit<WorkerOptions, 'conclude'> &
  EndingParts &
  Pick<AlbumDelivery, 'enter' | 'presets'>;

/** A worker that sleeps until it is woken, and delivers what it made. */
export function createDeliveringWorker(options: DeliveringWorkerOptions): Worker {
  const conclude = async ({ job, holder, ending, album }: DoneJob): Promise<void> => {
    const send = album && (() => deliverAlbum(job, album, { ...options, reply: options.board.reply(job) }));
    await endJob({ job, holder, ending, ...(send && { send }) }, options);
  };
  return createWorker({ ...options, conclude });
}

/** A worker that sleeps until it is woken, and leaves it to others to tell the members. */
export function createWorker(options: WorkerOptions): Worker {
  const { store, concurrency = 1, paused = async () => false, onError } = options;
  const holder = randomUUID();
  const running = new Map<string, RunningJob>();
  const lanes = new Set<Promise<void>>();
  const untold = new Set<Promise<void>>();
  let again = false;
  let draining = false;

  const workOff = async (): Promise<void> => {
    while (!draining) {
      again = false;
      if (await paused()) return;
      const job = await store.lease(holder, LEASE);
      if (!job) return;
      // A lease of one's own runs out where the machine slept; the job is being worked on all the same.
      if (running.has(job.id)) continue;
      await make(job);
      while (untold.size >= MAX_UNTOLD) await Promise.race(untold);
    }
  };
  /** Resolves when the job is made; its member is told meanwhile. */
  const make = (job: Job): Promise<void> =>
    new Promise((resolve) => {
      const leased = { job, holder, controller: new AbortController() };
      running.set(job.id, leased);
      const told: Promise<void> = runJob(leased, options, resolve)
        .catch((error: unknown) => onError(error, job))
        .finally(() => {
          running.delete(job.id);
          untold.delete(told);
          resolve();
        });
      untold.add(told);
    });
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
      await Promise.all(untold);
    },
  };
}

/** Makes a job, says so, and sees to it that its member is told. */
async function runJob(running: RunningJob, options: WorkerOptions, onMade: () => void): Promise<void> {
  const { job, holder } = running;
  const { store, board, onError } = options;
  const sign = () => void beat(running, options).catch((error: unknown) => onError(error, job));
  const heart = setInterval(sign, HEARTBEAT).unref();
  try {
    await board.refresh();
    const outcome = await attempt(running, options);
    if (outcome === 'again') {
      await store.retry(job.id, holder, FIRST_BACK_OFF * 3 ** (job.attempts - 1));
      return;
    }
    onMade();
    await options.conclude({ job, holder, ...outcome });
  } finally {
    clearInterval(heart);
    await board.refresh();
  }
}

/** Makes the album, unless how the job ends is known already; answers how it ends. */
async function attempt({ job, controller }: RunningJob, options: WorkerOptions): Promise<Outcome | 'again'> {
  const { estimator, onError, now = Date.now } = options;
  const told = job.ending !== undefined && job.ending.end !== 'done' ? job.ending : undefined;
  if (told) return { ending: told };
  if (job.cancelRequested) return { ending: cancelled(job) };
  if (job.attempts > MAX_ATTEMPTS) return { ending: failure(job, job.ending ? 'delivery-unknown' : 'engine-failed') };
  const begun = now();
  try {
    const album = await makeAlbum(job, controller.signal, options);
    const milliseconds = now() - begun;
    estimator.record(job.parameters.count, milliseconds);
    return { ending: { end: 'done' }, album, milliseconds };
  } catch (error) {
    if (controller.signal.aborted) return { ending: cancelled(job) };
    onError(error, job);
    const engineDied = error instanceof LikenessError && error.code === 'engine-failed';
    if (engineDied && job.attempts < MAX_ATTEMPTS) return 'again';
    const text = errorText(error, translator(job.locale), 'errors.engine-failed');
    const severalFaces = error instanceof LikenessError && error.code === 'several-faces';
    return { ending: { end: 'failed', text, ...(severalFaces && { offer: 'largest' }) } };
  }
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

/** A sign of life; a lease that was lost, or a request to cancel heard elsewhere, stops the work. */
async function beat({ job, holder, controller }: RunningJob, { store }: WorkerOptions): Promise<void> {
  const current = await store.extend(job.id, holder, LEASE);
  if (!current || (current.cancelRequested && current.state === 'running')) controller.abort();
}
