import type { Delivery } from '../jobs/delivery.js';
import type { PortraitEngine } from '../jobs/engine.js';
import type { EndingParts } from '../jobs/ending.js';
import type { Estimator } from '../jobs/estimate.js';
import { createDeliverer } from '../jobs/hand-over.js';
import type { News } from '../jobs/news.js';
import type { StatusBoard } from '../jobs/status-board.js';
import { createWorker, type Worker, type WorkerOptions } from '../jobs/worker.js';
import { type EngineParts, harness } from './engine.js';
import type { SharedStorage } from './storage.js';

/** Those who make what the chats ask for, as the chats know them. */
export interface Hands extends Pick<Worker, 'wake' | 'abort'> {
  start(): Promise<void>;
  /** Resolves when what they made for this process is delivered. */
  drain(): Promise<void>;
}

/** What hands work for. */
interface HandsParts extends EndingParts, Pick<Delivery, 'enter'>, Pick<WorkerOptions, 'paused' | 'concurrency'> {
  readonly board: StatusBoard;
  readonly estimator: Estimator;
}

/** What makes the albums: an engine of this process's, or workers at a storage that its owner closes. */
export type Maker =
  | { readonly engine: PortraitEngine; readonly storage?: undefined }
  | { readonly engine?: undefined; readonly storage: SharedStorage };

/** The hands that go with what makes the albums. */
export function createHands(maker: Maker, parts: HandsParts, engine: EngineParts): Hands {
  if (maker.storage) return createRemoteHands(parts, maker.storage);
  const worker = createWorker({ ...parts, engine: harness(maker.engine, engine) });
  return { ...worker, start: async () => undefined };
}

/** Workers at the same storage, wherever they are; what they hand over is delivered here. */
function createRemoteHands(parts: HandsParts, { store: made, news }: SharedStorage): Hands {
  const { store, board, estimator, onError } = parts;
  const deliverer = createDeliverer({ ...parts, made });
  let drained = false;

  const showProgress = async ({ jobId, progress }: Extract<News, { is: 'progress' }>): Promise<void> => {
    const job = await store.get(jobId);
    // News may come late: whose job is over has been told so.
    if (job?.state === 'running') board.progress(job, progress);
  };
  const hear = async (told: News): Promise<void> => {
    if (drained) return;
    if (told.is === 'line') await board.refresh();
    if (told.is === 'progress') await showProgress(told);
    if (told.is !== 'made') return;
    if (told.album) estimator.record(told.album.count, told.album.milliseconds);
    deliverer.wake();
  };
  return {
    wake() {
      news.tell({ is: 'work' });
      deliverer.wake();
    },
    abort: (jobId) => news.tell({ is: 'abort', jobId }),
    start: () => news.hear((told) => void hear(told).catch((error: unknown) => onError(error))),
    async drain() {
      await deliverer.drain();
      drained = true;
    },
  };
}
