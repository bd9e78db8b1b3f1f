import type { Server } from '../chat/member.js';
import type { SizedPicture } from '../chat/picture.js';
import type { Job } from '../jobs/job.js';
import type { JobStore } from '../jobs/store.js';
import { type Translate, translator } from '../language/texts.js';
import type { EventBoard } from './board.js';
import type { EventChanges } from './changes.js';
import type { AvatarEvent } from './event.js';
import { describeEnd } from './texts.js';

export interface DeadlineOptions {
  readonly changes: EventChanges;
  readonly board: EventBoard;
  readonly jobs: Pick<JobStore, 'find'>;
  readonly draw: (event: AvatarEvent, t: Translate) => Promise<readonly SizedPicture[]>;
  readonly onError: (error: unknown) => void;
  readonly now: () => number;
}

/** Ends events, and does what has fallen due. */
export interface Deadlines {
  /** Ends the event now and tells who won. @throws LikenessError `event-none`, `event-over`. */
  end(server: Server): Promise<AvatarEvent>;
  /** Looks at every event once, but for those that an earlier look is not over with: a chat may be slow to be told. */
  sweep(): Promise<void>;
}

/** Milliseconds for which portraits can be taken along when an event is over. */
const AFTERWARDS = 24 * 60 * 60_000;
/** Milliseconds after which an entry without a job has none coming. */
const JOBLESS = 10 * 60_000;

/** Deadlines are times in the events themselves, so that none is lost with the process. */
export function createDeadlines({ changes, board, jobs, draw, onError, now }: DeadlineOptions): Deadlines {
  const announcing = new Set<string>();
  const announce = async (event: AvatarEvent): Promise<void> => {
    if (announcing.has(event.id)) return;
    announcing.add(event.id);
    try {
      const t = translator(event.locale);
      await board.close(event);
      await board.post(event, { text: describeEnd(event, t), pictures: await draw(event, t) }).catch(onError);
      await changes.note(event, { announced: true });
    } finally {
      announcing.delete(event.id);
    }
  };
  const end = async (server: Server): Promise<AvatarEvent> => {
    const over = await changes.act(server, { kind: 'end', at: now() });
    await announce(over);
    return over;
  };
  const dropFailed = async ({ server, entries }: AvatarEvent): Promise<void> => {
    for (const { member, key, at, portrait } of entries) {
      if (portrait) continue;
      const job = await jobs.find({ member, key });
      const lost = job ? isOver(job) : now() - at > JOBLESS;
      if (lost) board.refresh(await changes.act(server, { kind: 'fail', member, key }));
    }
  };
  const looking = new Set<string>();
  const lookAt = async (event: AvatarEvent): Promise<void> => {
    if (looking.has(event.id)) return;
    looking.add(event.id);
    await look(event)
      .catch(onError)
      .finally(() => looking.delete(event.id));
  };
  const look = async (event: AvatarEvent): Promise<void> => {
    const { endedAt, endsAt, announced, server } = event;
    if (endedAt === undefined) {
      await dropFailed(event);
      if (now() >= endsAt) await end(server);
    } else if (now() >= endedAt + AFTERWARDS) await changes.remove(server);
    else if (!announced) await announce(event);
  };
  return {
    end,
    async sweep() {
      await Promise.all((await changes.all()).map(lookAt));
    },
  };
}

function isOver({ state }: Job): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}
