import type { Keyv } from 'keyv';
import type { AlbumPicture } from '../../chat/picture.js';
import { createSerial } from '../../data/serial.js';
import type { Vault } from '../../vault/vault.js';
import { type AlbumContent, createAlbumEntries } from './album-entries.js';

const DAY = 24 * 60 * 60_000;
/** Albums kept of one browser; beyond them the oldest goes. */
const MAX_ALBUMS = 200;

/** An album of the past, by the id of its job. */
export interface PastAlbum {
  readonly job: string;
  /** When it was kept, in milliseconds since 1970. */
  readonly at: number;
  readonly content: AlbumContent;
}

/** Albums that outlive the conversation, of browsers that want it: pictures and words are kept encrypted. */
export interface History {
  /** How many days an album is kept; 0 where none may be. */
  readonly days: number;
  /** Whether a browser, by the id of its session, keeps its albums. */
  isOn(session: string): Promise<boolean>;
  /** Off deletes what is kept. */
  turn(session: string, on: boolean): Promise<void>;
  /** Keeps an album where that is wanted, once; answers whether it is kept. */
  keep(session: string, album: KeptAlbum): Promise<boolean>;
  /** What is kept, the newest first. */
  list(session: string): Promise<readonly PastAlbum[]>;
  /** One picture of an album, by its place among those there were at first. */
  picture(session: string, job: string, index: number): Promise<AlbumPicture | undefined>;
  /** The pictures of an album that are left. */
  pictures(session: string, job: string): Promise<readonly AlbumPicture[]>;
  /** Deletes one picture of an album, or all of it. */
  remove(session: string, job: string, index?: number): Promise<void>;
  /** Deletes everything of a browser, and that it wanted to keep albums. */
  forget(session: string): Promise<void>;
}

/** An album that just came. */
export interface KeptAlbum {
  readonly job: string;
  readonly content: AlbumContent;
  readonly pictures: readonly AlbumPicture[];
}

export interface HistoryOptions {
  readonly days: number;
  /** Where pictures and words are kept, for as many days. */
  readonly vault: Vault;
  /** Where it stands which entries of the vault are whose. */
  readonly facts: Keyv;
  readonly now: () => number;
}

/** Where an album is in the vault. */
interface Place {
  readonly job: string;
  readonly at: number;
  readonly entry: string;
}

const keyOf = (session: string): string => `history:${session}`;

export function createHistory({ days, vault, facts, now }: HistoryOptions): History {
  const serial = createSerial();
  const entries = createAlbumEntries(vault);

  /** Where the albums are whose days are not over; undefined where none are kept. */
  const places = async (session: string): Promise<readonly Place[] | undefined> => {
    const known = days === 0 ? undefined : await facts.get<readonly Place[]>(keyOf(session));
    return known?.filter(({ at }) => at > now() - days * DAY);
  };
  const set = async (session: string, left: readonly Place[]): Promise<void> =>
    void (await facts.set(keyOf(session), left));
  const entryOf = async (session: string, job: string): Promise<string> =>
    (await places(session))?.find((place) => place.job === job)?.entry ?? '';

  const keep = async (session: string, { job, content, pictures }: KeptAlbum): Promise<boolean> => {
    const known = await places(session);
    if (!known || known.some((place) => place.job === job)) return known !== undefined;
    const entry = await entries.save(content, pictures);
    await set(session, [{ job, at: now(), entry }, ...known.slice(0, MAX_ALBUMS - 1)]);
    for (const place of known.slice(MAX_ALBUMS - 1)) await entries.wipe(place.entry);
    return true;
  };
  const remove = async (session: string, job: string, index?: number): Promise<void> => {
    const known = await places(session);
    const place = known?.find((candidate) => candidate.job === job);
    if (!known || !place) return;
    const left = index === undefined ? undefined : await entries.removePicture(place.entry, index);
    if (index === undefined) await entries.wipe(place.entry);
    await set(
      session,
      known.flatMap((other) => (other !== place ? [other] : left === undefined ? [] : [{ ...place, entry: left }])),
    );
  };
  const forget = async (session: string): Promise<void> => {
    const known = (await facts.get<readonly Place[]>(keyOf(session))) ?? [];
    await facts.delete(keyOf(session));
    for (const { entry } of known) await entries.wipe(entry);
  };
  return {
    days,
    isOn: async (session) => (await places(session)) !== undefined,
    turn: (session, on) =>
      serial(async () => {
        if (!on || days === 0) return forget(session);
        if ((await places(session)) === undefined) await set(session, []);
      }),
    keep: (session, album) => serial(() => keep(session, album)),
    async list(session) {
      const albums: PastAlbum[] = [];
      for (const { job, at, entry } of (await places(session)) ?? []) {
        const content = await entries.content(entry);
        if (content) albums.push({ job, at, content });
      }
      return albums;
    },
    picture: async (session, job, index) => entries.picture(await entryOf(session, job), index),
    pictures: async (session, job) => entries.pictures(await entryOf(session, job)),
    remove: (session, job, index) => serial(() => remove(session, job, index)),
    forget: (session) => serial(() => forget(session)),
  };
}
