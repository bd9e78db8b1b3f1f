import { randomUUID } from 'node:crypto';
import { LikenessError } from '../../pipeline/errors.js';
import { errorText, translator } from '../texts.js';
import type { Vault } from '../vault/vault.js';
import { deliverAlbum } from './delivery.js';
import type { FinishedAlbum, PortraitEngine } from './engine.js';
import type { Estimator } from './estimate.js';
import type { Job, JobEnd } from './job.js';
import type { StatusBoard } from './status-board.js';
import type { JobStore } from './store.js';

/** How long a job is a worker's without a sign of life, in milliseconds. */
const LEASE = 30_000;
const HEARTBEAT = LEASE / 3;

/** Works off the jobs of a store, one at a time, because the engine makes one album at a time. */
export interface Worker {
  /** Looks for a job now; called when one was accepted. */
  wake(): void;
  /** Stops a job this worker is running, between two steps of the engine. */
  abort(jobId: string): void;
  /** Takes no more jobs and resolves when the running one is delivered. */
  drain(): Promise<void>;
}

export interface WorkerOptions {
  readonly store: JobStore;
  readonly engine: PortraitEngine;
  readonly vault: Vault;
  readonly board: StatusBoard;
  readonly estimator: Estimator;
  /** Hears of every failure that is not a member's own doing. */
  readonly onError: (error: unknown, job: Job) => void;
  readonly now?: () => number;
}

interface RunningJob {
  readonly job: Job;
  readonly holder: string;
  readonly controller: AbortController;
}

/** A worker that sleeps until it is woken. */
export function createWorker(options: WorkerOptions): Worker {
  const holder = randomUUID();
  let running: RunningJob | undefined;
  let loop: Promise<void> | undefined;
  let again = false;
  let draining = false;

  const workOff = async (): Promise<void> => {
    again = false;
    while (!draining) {
      const job = await options.store.lease(holder, LEASE);
      if (!job) return;
      running = { job, holder, controller: new AbortController() };
      await runJob(running, options).catch((error: unknown) => options.onError(error, job));
      running = undefined;
    }
  };
  const wake = (): void => {
    again = true;
    if (draining) return;
    loop ??= workOff().finally(() => {
      loop = undefined;
      if (again) wake();
    });
  };
  return {
    wake,
    abort(jobId) {
      if (running?.job.id === jobId) running.controller.abort();
    },
    async drain() {
      draining = true;
      await loop;
    },
  };
}

async function runJob(running: RunningJob, options: WorkerOptions): Promise<void> {
  const { job } = running;
  const { store, vault, board } = options;
  const heart = setInterval(() => void beat(running, store), HEARTBEAT);
  try {
    await board.refresh();
    const [end, answer] = await attempt(running, options);
    await board.end(job);
    if (await store.finish(job.id, running.holder, end)) await answer();
  } finally {
    clearInterval(heart);
    vault.wipe(job.photos);
    await board.refresh();
  }
}

type Outcome = readonly [end: JobEnd, answer: () => Promise<void>];

/** Makes the album; answers how the job ended and what is to be sent to its member. */
async function attempt({ job, controller }: RunningJob, options: WorkerOptions): Promise<Outcome> {
  const { board, estimator, now = Date.now } = options;
  const reply = board.reply(job);
  const begun = now();
  try {
    const album = await makeAlbum(job, controller.signal, options);
    estimator.record(job.parameters.count, now() - begun);
    return ['done', () => deliverAlbum(job, album, reply)];
  } catch (error) {
    const cancelled = controller.signal.aborted;
    const shown = cancelled ? new LikenessError('cancelled') : error;
    if (!cancelled) options.onError(error, job);
    const text = errorText(shown, translator(job.locale));
    return [cancelled ? 'cancelled' : 'failed', () => reply.conclude(job.id, text)];
  }
}

async function makeAlbum(job: Job, signal: AbortSignal, options: WorkerOptions): Promise<FinishedAlbum> {
  const photos = job.photos.map((id) => options.vault.get(id)).filter((photo) => photo !== undefined);
  if (photos.length < job.photos.length) throw new LikenessError('photo-expired');
  const album = await options.engine.portrait(
    { ...job.parameters, photos },
    { signal, onProgress: (progress) => options.board.progress(job, progress) },
  );
  if (album.portraits.length === 0) throw new LikenessError('no-portrait');
  return album;
}

/** A sign of life; a lease that was lost, or a wish to cancel heard elsewhere, stops the work. */
async function beat({ job, holder, controller }: RunningJob, store: JobStore): Promise<void> {
  const current = await store.extend(job.id, holder, LEASE);
  if (!current || current.cancelRequested) controller.abort();
}
