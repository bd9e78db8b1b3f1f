import { setTimeout as delay } from 'node:timers/promises';
import type { PlatformName } from '../../src/chat/member.js';
import { type Person, tells } from './person.js';

/** One wish, known by a word in it that nobody else writes, and what its member saw of it. */
export interface Wish {
  readonly word: string;
  readonly person: Person;
  /** Messages that stood there before it. */
  readonly before: ReadonlySet<string>;
  /** Whether the platform said that the program has it. */
  taken: boolean;
  /** Whether it was seen in line or under way. */
  inLine: boolean;
}

/** What became of the wishes on a platform. */
export interface Tally {
  readonly platform: PlatformName;
  readonly asked: number;
  /** Acknowledged by the program, or waiting at Telegram for it. */
  readonly taken: number;
  /** Seen in line, under way or delivered. */
  readonly accepted: number;
  readonly deliveredOnce: number;
  /** Taken, and told why there is no album. */
  readonly told: number;
  readonly doubled: number;
  /** Accepted, and then neither an album nor a word. */
  readonly lost: number;
  /** Taken, and nothing else was ever seen. */
  readonly unanswered: number;
}

/** Everything that members wished for. */
export interface Wishes {
  /** Sends a wish. */
  ask(person: Person, photo: Uint8Array): Promise<Wish>;
  /** Whether its member has an album or a sentence. */
  isOver(wish: Wish): boolean;
  /** Members ask for one album after the other, until told to stop. */
  keepAsking(people: readonly Person[], photo: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Waits until every wish that was taken is over; answers whether that came to be in the given milliseconds. */
  settle(milliseconds: number): Promise<boolean>;
  tally(): Tally[];
}

/** Milliseconds between two looks, and before the next wish of a member. */
const LOOK = 50;

export function createWishes(): Wishes {
  const all: Wish[] = [];
  let count = 0;
  const albumsOf = ({ word, person }: Wish): number =>
    person.seen().filter(({ album, text }) => album && text.includes(word)).length;
  const isTold = ({ person, before }: Wish): boolean =>
    person.seen().some(({ id, text, album }) => !album && !before.has(`${id} ${text}`) && tells(text));
  const isOver = (wish: Wish): boolean => albumsOf(wish) > 0 || isTold(wish);
  const look = (wish: Wish): void => {
    wish.inLine ||= wish.person.seen().some(({ id, text, status }) => status && !wish.before.has(`${id} ${text}`));
  };
  const ask = async (person: Person, photo: Uint8Array): Promise<Wish> => {
    const word = `w${++count}x`;
    const before = new Set(person.seen().map(({ id, text }) => `${id} ${text}`));
    const wish: Wish = { word, person, before, taken: false, inLine: false };
    all.push(wish);
    wish.taken = await person.ask(`smiling ${word}`, photo);
    look(wish);
    return wish;
  };
  const askOn = async (person: Person, photo: Uint8Array, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const wish = await ask(person, photo);
      while (wish.taken && !isOver(wish)) {
        look(wish);
        await delay(LOOK);
        if (signal.aborted) return;
      }
      await delay(LOOK);
    }
  };
  return {
    ask,
    isOver,
    keepAsking: async (people, photo, signal) =>
      void (await Promise.all(people.map((person) => askOn(person, photo, signal)))),
    async settle(milliseconds) {
      const end = performance.now() + milliseconds;
      for (;;) {
        const open = all.filter((wish) => wish.taken && !isOver(wish));
        if (open.length === 0) return true;
        if (performance.now() > end) return false;
        for (const wish of open) look(wish);
        await delay(LOOK);
      }
    },
    tally() {
      const outcomes = all.map((wish) => ({ wish, albums: albumsOf(wish), told: isTold(wish) }));
      return (['discord', 'telegram', 'web'] as const).map((platform) => tallyOf(platform, outcomes));
    },
  };
}

/** What became of one wish. */
interface Outcome {
  readonly wish: Wish;
  readonly albums: number;
  readonly told: boolean;
}

function tallyOf(platform: PlatformName, outcomes: readonly Outcome[]): Tally {
  const own = outcomes.filter(({ wish }) => wish.person.platform === platform);
  const count = (fits: (outcome: Outcome) => boolean): number => own.filter(fits).length;
  const isAccepted = ({ wish, albums }: Outcome): boolean => wish.inLine || albums > 0;
  const isTaken = (outcome: Outcome): boolean => outcome.wish.taken || isAccepted(outcome);
  const isSilent = ({ albums, told }: Outcome): boolean => albums === 0 && !told;
  return {
    platform,
    asked: own.length,
    taken: count(isTaken),
    accepted: count(isAccepted),
    deliveredOnce: count(({ albums }) => albums === 1),
    told: count((outcome) => outcome.albums === 0 && outcome.told && isTaken(outcome)),
    doubled: count(({ albums }) => albums > 1),
    lost: count((outcome) => isSilent(outcome) && isAccepted(outcome)),
    unanswered: count((outcome) => isSilent(outcome) && !isAccepted(outcome) && outcome.wish.taken),
  };
}
