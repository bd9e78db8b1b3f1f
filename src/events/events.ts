import type { Member, Server } from '../chat/member.js';
import type { SizedPicture } from '../chat/picture.js';
import { LikenessError } from '../errors.js';
import type { EntryOutcome } from '../jobs/delivery.js';
import type { FinishedAlbum } from '../jobs/engine.js';
import type { Job } from '../jobs/job.js';
import type { JobStore } from '../jobs/store.js';
import type { Translate } from '../language/texts.js';
import type { Vault } from '../vault/vault.js';
import { createEventBoard, type EventBoardOptions } from './board.js';
import { createChanges, type EventChanges, type EventDraft } from './changes.js';
import { createDeadlines, type Deadlines } from './deadlines.js';
import { type AvatarEvent, entryOf, type EventAction } from './event.js';
import { type AvatarWish, drawEntries, drawEntry, drawOwnAvatar, keepPortrait } from './pictures.js';
import type { EventStore } from './store.js';
import { describeEvent } from './texts.js';

/** What commands can do with events. */
export interface Events extends Pick<EventChanges, 'find' | 'move'>, Pick<Deadlines, 'end'> {
  /** Posts a new event where it was asked for. @throws LikenessError `event-open-already`, `event-unpostable`. */
  create(draft: EventDraft, theme?: SizedPicture): Promise<AvatarEvent>;
  /** Changes an event and shows it. @throws LikenessError `event-none`, and those of `apply`. */
  act(server: Server, action: EventAction): Promise<AvatarEvent>;
  /** What everyone may know of how it stands. */
  describe(event: AvatarEvent, t: Translate): string;
  /** All entries on as few pictures as they need; none where there is no entry. */
  sheets(event: AvatarEvent, t: Translate): Promise<readonly SizedPicture[]>;
  /** The portrait of one entry. @throws LikenessError `event-entry-unknown`. */
  picture(event: AvatarEvent, number: number, t: Translate): Promise<SizedPicture>;
  /** The events that a member has an entry in. */
  joinedBy(member: Member): Promise<readonly AvatarEvent[]>;
  /** A member's own portrait as an avatar. @throws LikenessError `event-none`, `event-not-joined`. */
  avatar(server: Server, request: AvatarWish): Promise<Uint8Array>;
  /** Deletes entry, portrait and vote of a member, wherever they took part. */
  forget(member: Member): Promise<void>;
  /** Deletes what a member has in a server's event, where there is one. */
  expel(server: Server, member: Member): Promise<void>;
  /** Deletes the event of a server. */
  leave(server: Server): Promise<void>;
}

/** Events with their deadlines. */
export interface EventKeeper extends Events, Pick<Deadlines, 'sweep'> {
  /** Makes the portrait of an event's job its entry, where it can still be one. */
  keep(job: Job, album: FinishedAlbum): Promise<EntryOutcome>;
  /** After a restart, lets each platform know again who takes part; called before members can say anything. */
  resume(): Promise<void>;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

export interface EventsOptions extends Pick<EventBoardOptions, 'platforms' | 'onError'> {
  readonly store: EventStore;
  readonly portraits: Vault;
  readonly jobs: Pick<JobStore, 'find'>;
  readonly now?: () => number;
}

/** The events of all servers, each shown by one post. */
export function createEvents(options: EventsOptions): EventKeeper {
  const { store, portraits, jobs, platforms, onError, now = Date.now } = options;
  const changes = createChanges(store, portraits);
  const onPosted = (event: AvatarEvent, post: string): Promise<void> => changes.note(event, { post });
  const board = createEventBoard({ platforms, onPosted, onError });
  const sheets = (event: AvatarEvent, t: Translate): Promise<SizedPicture[]> => drawEntries(event, t, portraits);
  const { end, sweep } = createDeadlines({ changes, board, jobs, draw: sheets, onError, now });
  const act = async (server: Server, action: EventAction): Promise<AvatarEvent> => {
    const next = await changes.act(server, action);
    if (next.endedAt === undefined) board.refresh(next);
    return next;
  };
  const expel = async (server: Server, member: Member): Promise<void> => {
    if (server.platform === member.platform && (await store.at(server))) await act(server, { kind: 'forget', member });
  };
  const { find, move, remove: leave } = changes;
  return {
    find,
    move,
    leave,
    act,
    end,
    sweep,
    sheets,
    describe: describeEvent,
    async create(draft, theme) {
      const event = await changes.create(draft);
      await board.close(event);
      const posted = await find(draft.server);
      if (posted.post !== undefined) {
        if (theme) await board.post(event, { text: theme.description, pictures: [theme] }).catch(onError);
        return posted;
      }
      await leave(draft.server);
      throw new LikenessError('event-unpostable');
    },
    picture: (event, number, t) => drawEntry(event, { number, t }, portraits),
    avatar: async (server, request) => drawOwnAvatar(await find(server), request, portraits),
    async keep({ member, key, place, event: id }, album) {
      const server = { platform: member.platform, id: place.server ?? '' };
      if ((await store.at(server))?.id !== id) return 'late';
      const portrait = await keepPortrait(album, portraits);
      try {
        await act(server, { kind: 'enter', member, key, portrait });
        return 'entered';
      } catch (error) {
        await portraits.wipe([portrait.id]);
        if (error instanceof LikenessError) return error.code === 'event-not-joined' ? 'withdrawn' : 'late';
        throw error;
      }
    },
    expel,
    joinedBy: async (member) =>
      (await changes.all()).filter((event) => event.server.platform === member.platform && entryOf(event, member)),
    async forget(member) {
      for (const { server } of await changes.all()) await expel(server, member);
    },
    async resume() {
      for (const { entries } of await changes.all()) {
        for (const { member, address } of entries) platforms.get(member.platform)?.restore?.(address);
      }
    },
    async stop() {
      await board.stop();
      await changes.settled();
    },
  };
}
