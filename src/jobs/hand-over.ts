import { randomUUID } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import type { Vault } from '../vault/vault.js';
import { deliverAlbum, type AlbumDelivery } from './delivery.js';
import { endJob, type EndingParts, failure, HEARTBEAT, LEASE } from './ending.js';
import type { FinishedAlbum } from './engine.js';
import type { Job, JobEnding } from './job.js';
import type { NewsWire } from './news.js';
import type { SharedJobStore } from './store.js';
import { type DoneJob, MAX_ATTEMPTS } from './worker.js';

export interface HandOverParts {
  readonly store: Pick<SharedJobStore, 'handOver'>;
  readonly vault: Vault;
  readonly news: NewsWire;
}

/** How a worker is done with a job whose member another process talks to: the album goes, encrypted, by the vault. */
export function handOverTo({ store, vault, news }: HandOverParts): (done: DoneJob) => Promise<void> {
  return async ({ job, holder, ending, album, milliseconds = 0 }) => {
    const kept = album && (await vault.put(serialize(album)));
    const handed: JobEnding = { ...ending, ...(kept !== undefined && { album: kept }) };
    if (await store.handOver(job.id, holder, handed)) {
      news.tell({ kind: 'made', ...(album && { album: { count: job.parameters.count, milliseconds } }) });
    } else if (kept !== undefined) await vault.wipe([kept]);
  };
}

/** Tells members how the jobs ended that workers are done with. */
export interface Deliverer {
  /** Looks for such a job now; called when one was handed over, and now and then. */
  wake(): void;
  /** Delivers what was handed over until now, and takes no more. */
  drain(): Promise<void>;
}

export interface DelivererOptions extends EndingParts, Pick<AlbumDelivery, 'enter' | 'presets'> {
  readonly made: Pick<SharedJobStore, 'leaseMade'>;
}

/** How often a job is taken up, by workers and by those who deliver, before its member is told that nobody knows. */
const MOST_ATTEMPTS = 2 * MAX_ATTEMPTS;

/** A deliverer that sleeps until it is woken. Several members are told at a time: each platform has a pace of its own. */
export function createDeliverer({ made, ...parts }: DelivererOptions): Deliverer {
  const holder = randomUUID();
  const underWay = new Map<string, Promise<void>>();
  let looking = Promise.resolve();
  let draining = false;

  const deliver = async (job: Job): Promise<void> => {
    const heart = setInterval(() => {
      void parts.store.extend(job.id, holder, LEASE).catch((error: unknown) => parts.onError(error, job));
    }, HEARTBEAT).unref();
    try {
      await tell(job, holder, parts);
    } catch (error) {
      parts.onError(error, job);
    } finally {
      clearInterval(heart);
      underWay.delete(job.id);
    }
  };
  const look = async (): Promise<void> => {
    while (!draining) {
      const job = await made.leaseMade(holder, LEASE);
      if (!job) return;
      if (!underWay.has(job.id)) underWay.set(job.id, deliver(job));
    }
  };
  const wake = (): void => void (looking = looking.then(look).catch((error: unknown) => parts.onError(error)));
  return {
    wake,
    async drain() {
      wake();
      await looking;
      draining = true;
      await Promise.all(underWay.values());
    },
  };
}

async function tell(job: Job, holder: string, parts: Omit<DelivererOptions, 'made'>): Promise<void> {
  const { ending = failure(job, 'delivery-unknown') } = job;
  if (ending.album === undefined) return endJob({ job, holder, ending }, parts);
  const album = job.attempts > MOST_ATTEMPTS ? undefined : await findAlbum(ending.album, parts.vault);
  const unknown: JobEnding = { ...failure(job, 'delivery-unknown'), album: ending.album };
  await endJob(
    album
      ? {
          job,
          holder,
          ending,
          send: () => deliverAlbum(job, album, { ...parts, reply: parts.board.reply(job) }),
        }
      : { job, holder, ending: unknown },
    parts,
  );
}

/** The album a worker put in the vault, which vouches for the bytes. */
async function findAlbum(id: string, vault: Vault): Promise<FinishedAlbum | undefined> {
  const found = await vault.get(id);
  if (!found) return undefined;
  const album: FinishedAlbum = deserialize(found);
  return album;
}
