import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Keyv } from 'keyv';
import type { ReceivedRequest } from '../chat/host.js';
import type { Member } from '../chat/member.js';
import type { Config } from '../config.js';
import { closeDatabase, explainData, IN_MEMORY, openDatabase, type SqlDatabase } from '../data/database.js';
import { dropExpiredFacts, openFacts } from '../data/facts.js';
import { agreeOnKey, deriveKey, loadKey } from '../data/key.js';
import { createLock, type Lock } from '../data/lock.js';
import { createPending, createSharedPending, type Pending } from '../data/pending.js';
import { createFactPause, createFilePause, type Pause } from '../data/pause.js';
import { openSharedFacts } from '../data/redis-facts.js';
import { openRedis, type Redis, type RedisOptions } from '../data/redis.js';
import { LikenessError } from '../errors.js';
import { createKeptPortraits } from '../events/portraits.js';
import { createBullmqStore } from '../jobs/bullmq/store.js';
import { type Counts, createCounts } from '../jobs/counts.js';
import type { NewsWire } from '../jobs/news.js';
import { createRedisNews } from '../jobs/redis-news.js';
import { createSharedCounts } from '../jobs/shared-counts.js';
import { createSqliteStore } from '../jobs/sqlite.js';
import type { EmbeddedJobStore, JobStore, SharedJobStore } from '../jobs/store.js';
import { createMemberTag } from '../operations/log.js';
import { createDiskVault } from '../vault/disk.js';
import { createMemoryVault } from '../vault/memory.js';
import { createSharedVault } from '../vault/shared.js';
import type { Vault } from '../vault/vault.js';

/** Everything that outlives a restart. */
export interface Storage {
  readonly store: JobStore;
  readonly facts: Keyv;
  readonly vault: Vault;
  /** The albums that browsers of the web chat keep. */
  readonly albums: Vault;
  /** The portraits of events. */
  readonly portraits: Vault;
  readonly counts: Counts;
  readonly pause: Pause;
  /** What members asked for and were not answered yet. */
  readonly pending: Pending<ReceivedRequest>;
  /** What the sessions of the web chat are signed with. */
  readonly sessionKey: Uint8Array;
  /** The name a member has in the log. */
  readonly tag: (member: Member) => string;
  /** Takes over what an earlier run was working on, before anything else is done with it; answers how many jobs were lost to damage. */
  recover(): Promise<number>;
  /** Deletes what need not be remembered any more; called now and then. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/** Storage that several processes share, and the way they tell each other of what happens. */
export interface SharedStorage extends Storage {
  readonly store: SharedJobStore;
  readonly news: NewsWire;
  /** Lets only one of the processes do something at a time. */
  readonly lock: (name: string) => Lock;
}

/**
 * Opens the data folder; where none is named, everything is in this process's memory. `now` tells which hour and day
 * albums are counted in.
 * @throws LikenessError `data-in-use`, `data-unusable`, `data-damaged`, `key-invalid`, `key-lost`.
 */
export function openStorage(
  { data, key: given, history = NO_HISTORY }: Partial<Pick<Config, 'data' | 'key' | 'history'>>,
  now = Date.now,
): Storage {
  const file = data === undefined ? IN_MEMORY : join(data, 'likeness.db');
  const database = openDatabase(file);
  const key = data === undefined ? randomBytes(32) : loadKey({ given, file: join(data, 'key') });
  const vault = data === undefined ? createMemoryVault() : openVault(data, key);
  const albums =
    data === undefined ? createMemoryVault(livesOf(history)) : openAlbums(data, key, { ...livesOf(history), now });
  if (data !== undefined) agreeOnKeyIn(data, { database, key, file });
  // The vault came first: a disk that unfinished and expired photos filled has room again.
  const { store, facts, pending } = openTables(database, file);
  return {
    store,
    recover: () => store.recover().catch((error: unknown) => Promise.reject(explainData(error, file))),
    async sweep() {
      await store.dropOld();
      dropExpiredFacts(database);
    },
    facts,
    pending,
    counts: createCounts({ facts, now }),
    pause: data === undefined ? createFactPause(facts) : createFilePause(data),
    vault,
    albums,
    portraits: createKeptPortraits({ facts, key: deriveKey(key, 'portraits') }),
    sessionKey: deriveKey(key, 'sessions'),
    tag: createMemberTag(deriveKey(key, 'log')),
    async close() {
      await vault.close();
      await albums.close();
      closeDatabase(database);
    },
  };
}

/** The key that photos and portraits were kept under must be the same still. */
function agreeOnKeyIn(
  data: string,
  { database, key, file }: { readonly database: SqlDatabase; readonly key: Buffer; readonly file: string },
): void {
  try {
    agreeOnKey(database, key, data);
  } catch (error) {
    throw explainData(error, file);
  }
}

function openTables(
  database: SqlDatabase,
  file: string,
): { store: EmbeddedJobStore; facts: Keyv; pending: Pending<ReceivedRequest> } {
  try {
    return { store: createSqliteStore(database), facts: openFacts(database), pending: createPending(database) };
  } catch (error) {
    throw explainData(error, file);
  }
}

/** Nobody keeps albums. */
const NO_HISTORY: Config['history'] = { days: 0 };

function livesOf({ days }: Config['history']): { readonly lifetime: number } {
  return { lifetime: days * 24 * 60 * 60_000 };
}

function openAlbums(
  data: string,
  key: Buffer,
  lives: { readonly lifetime: number; readonly now: () => number },
): Vault {
  return createDiskVault({ folder: join(data, 'albums'), key: deriveKey(key, 'albums'), ...lives });
}

function openVault(data: string, key: Buffer): Vault {
  return createDiskVault({ folder: join(data, 'vault'), key: deriveKey(key, 'vault') });
}

/**
 * Connects to a Redis that other processes work with too. Of the data folder it takes the key only.
 * @throws LikenessError `redis-unreachable`, `key-invalid`, `key-differs`.
 */
export async function openSharedStorage(
  {
    url,
    data,
    key: given,
    history = NO_HISTORY,
  }: Pick<Config, 'data' | 'key'> & Partial<Pick<Config, 'history'>> & { readonly url: string },
  { onError, onReach }: Omit<RedisOptions, 'url'>,
): Promise<SharedStorage> {
  const redis = await openRedis({ url, onError, ...(onReach && { onReach }) });
  try {
    const key = loadKey({ given, file: join(data, 'key') });
    await agreeOnSharedKey(redis, key);
    return shareStorage(redis, { key, history }, onError);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

function shareStorage(
  redis: Redis,
  { key, history }: { readonly key: Buffer; readonly history: Config['history'] },
  onError: (error: unknown) => void,
): SharedStorage {
  const [store, news] = [createBullmqStore(redis), createRedisNews(redis, onError)];
  const facts = openSharedFacts(redis);
  return {
    store,
    news,
    lock: (name) => createLock(redis, name),
    facts,
    pending: createSharedPending(redis),
    portraits: createKeptPortraits({ facts, key: deriveKey(key, 'portraits') }),
    vault: createSharedVault(redis, { key: deriveKey(key, 'vault') }),
    albums: createSharedVault(redis, { key: deriveKey(key, 'albums'), ...livesOf(history) }),
    counts: createSharedCounts(redis),
    pause: createFactPause(facts),
    sessionKey: deriveKey(key, 'sessions'),
    tag: createMemberTag(deriveKey(key, 'log')),
    // Others may be at work on theirs; what nobody works on any more comes back when its lease runs out.
    recover: async () => 0,
    sweep: () => store.dropOld(),
    async close() {
      await news.close();
      await store.close();
      await redis.quit();
    },
  };
}

/** The first process says which key it has, by a name that does not tell it; the others must have the same. */
async function agreeOnSharedKey(redis: Redis, key: Buffer): Promise<void> {
  const name = deriveKey(key, 'name').toString('hex');
  await redis.setnx('likeness:key', name);
  if ((await redis.get('likeness:key')) !== name) throw new LikenessError('key-differs');
}

/**
 * Pauses the making of portraits, or takes that back, for every program with this configuration.
 * @throws LikenessError `redis-unreachable`, `data-unusable`.
 */
export async function setPaused({ data, redis: { url } }: Config, on: boolean): Promise<void> {
  if (url === undefined) return createFilePause(data).set(on);
  const redis = await openRedis({ url, onError: () => undefined });
  try {
    await createFactPause(openSharedFacts(redis)).set(on);
  } finally {
    await redis.quit();
  }
}
