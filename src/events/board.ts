import type { PlatformName } from '../chat/member.js';
import type { ChatPlatform } from '../chat/platform.js';
import type { EntryReporting, EventButtons, PublicPost } from '../chat/reply.js';
import { type Coalescer, createCoalescer } from '../jobs/coalesce.js';
import { type Translate, translator } from '../language/texts.js';
import { type AvatarEvent, readyEntries } from './event.js';
import { describeEvent } from './texts.js';

export interface EventBoardOptions {
  readonly platforms: ReadonlyMap<PlatformName, ChatPlatform>;
  /** Called when an event's post has a new id. */
  readonly onPosted: (event: AvatarEvent, post: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** The one post of each event that shows how it stands. */
export interface EventBoard {
  /** Shows how the event stands, no more often than its platform allows. */
  refresh(event: AvatarEvent): void;
  /** Posts something else where the event is; undefined where nobody can see it. */
  post(event: AvatarEvent, post: PublicPost): Promise<string | undefined>;
  /** Shows the event a last time; what waited to be shown is dropped. */
  close(event: AvatarEvent): Promise<void>;
  /** Resolves when nothing is on its way any more. */
  stop(): Promise<void>;
}

export function createEventBoard({ platforms, onPosted, onError }: EventBoardOptions): EventBoard {
  const senders = new Map<string, Coalescer<AvatarEvent>>();
  /** Posts by event: what is pushed may not know yet that there is one. */
  const posts = new Map<string, string>();

  const show = async (event: AvatarEvent): Promise<void> => {
    const { id, address, server, locale, title } = event;
    const earlier = posts.get(id) ?? event.post;
    const t = translator(locale);
    const report = reportingOf(event, t);
    const buttons = buttonsOf(event, t);
    const shown = {
      text: describeEvent(event, t),
      title,
      ...(buttons && { event: buttons }),
      ...(report && { report }),
    };
    try {
      const post = await platforms.get(server.platform)?.post(address, shown, earlier);
      if (post === undefined || post === earlier) return;
      posts.set(id, post);
      await onPosted(event, post);
    } catch (error) {
      onError(error);
    }
  };
  const end = async ({ id }: Pick<AvatarEvent, 'id'>): Promise<void> => {
    await senders.get(id)?.end();
    senders.delete(id);
  };
  return {
    refresh(event) {
      const platform = platforms.get(event.server.platform);
      if (!platform) return;
      const sender =
        senders.get(event.id) ?? createCoalescer<AvatarEvent>({ interval: platform.statusInterval, send: show });
      senders.set(event.id, sender);
      sender.push(event);
    },
    post: async ({ server, address }, post) => platforms.get(server.platform)?.post(address, post),
    async close(event) {
      await end(event);
      await show(event);
      posts.delete(event.id);
    },
    stop: async () => void (await Promise.all([...senders.keys()].map((id) => end({ id })))),
  };
}

/** Everyone may take part while the event is open, and vote once there is an entry. */
function buttonsOf(event: AvatarEvent, t: Translate): EventButtons | undefined {
  if (event.endedAt !== undefined) return undefined;
  const highest = readyEntries(event).at(-1)?.number;
  return {
    join: { label: t('event.join'), line: '/event join', agreed: '/event join agree' },
    ...(highest !== undefined && { vote: { label: t('event.vote'), line: '/event sheet', highest } }),
  };
}

/** There is something to report while the event is open and has an entry. */
function reportingOf(event: AvatarEvent, t: Translate): EntryReporting | undefined {
  const highest = readyEntries(event).at(-1)?.number;
  if (highest === undefined || event.endedAt !== undefined) return undefined;
  return { label: t('event.report'), highest, line: '/event report number:' };
}
