import type { TelegramAddress } from './address.js';
import type { CommandRequest } from './command-request.js';
import type { PhotoSource } from './parse-messages.js';
import type { SentPhoto } from './photos.js';
import { Recent } from './recent.js';

/** Albums, requests and photos remembered of each kind. */
const REMEMBERED = 2000;

/** Milliseconds for which words, and events, wait for a photo. */
const WAIT = 10 * 60_000;

/** What a bot remembers of the last hours, in memory: ids of photos, never photos, and requests that wait for an answer. */
export interface Remembered {
  /** Another photo of an album came. */
  addToAlbum(group: string, photo: SentPhoto): void;
  album(group: string): readonly SentPhoto[] | undefined;
  /** A request, for which consent may be missing. */
  keepRequest(request: CommandRequest): void;
  /** The request that was answered at an address. */
  requestAt(address: TelegramAddress): CommandRequest | undefined;
  /** The same; it is then forgotten. */
  takeRequest(address: TelegramAddress): CommandRequest | undefined;
  /** Photos came without words. */
  keepWordless(request: CommandRequest): void;
  /** Photos a member sent to a chat without words, and of which nothing was made yet. */
  wordless(chat: string, user: string): PhotoSource | undefined;
  /** Words came without a photo. */
  keepWords(request: CommandRequest): void;
  /** The words that a member sent to a chat lately, before any photo; they are then forgotten. */
  takeWords(address: TelegramAddress): CommandRequest['options'] | undefined;
  /** A member agreed to take part in the event of a group, and a photo is awaited in their chat. */
  keepJoining(address: TelegramAddress, group: string): void;
  /** The group whose event a photo in a chat is awaited for; it is then forgotten. */
  takeJoining(address: TelegramAddress): string | undefined;
  /** Forgets all of a member. */
  forget(user: string): void;
}

export function createRemembered(now: () => number = Date.now): Remembered {
  const albums = new Recent<readonly SentPhoto[]>(REMEMBERED);
  const requests = new Recent<CommandRequest>(REMEMBERED);
  const wordless = new Recent<PhotoSource>(REMEMBERED);
  const words = new Recent<Pick<CommandRequest, 'options'> & { readonly until: number }>(REMEMBERED);
  const joining = new Recent<{ readonly group: string; readonly until: number }>(REMEMBERED);
  return {
    addToAlbum: (group, photo) => albums.set(group, [...(albums.get(group) ?? []), photo]),
    album: (group) => albums.get(group),
    keepRequest(request) {
      requests.set(placeOf(request.address), request);
      words.delete(speakerOf(request.address));
      if (request.photos.length > 0) wordless.delete(speakerOf(request.address));
    },
    requestAt: (address) => requests.get(placeOf(address)),
    takeRequest(address) {
      const request = requests.get(placeOf(address));
      requests.delete(placeOf(address));
      return request;
    },
    keepWordless: ({ address, photos }) => wordless.set(speakerOf(address), { message: address.photo, photos }),
    wordless: (chat, user) => wordless.get(speakerOf({ chat, user })),
    keepWords: ({ address, options }) => words.set(speakerOf(address), { options, until: now() + WAIT }),
    takeWords(address) {
      const kept = words.get(speakerOf(address));
      words.delete(speakerOf(address));
      return kept && kept.until > now() ? kept.options : undefined;
    },
    keepJoining: (address, group) => joining.set(speakerOf(address), { group, until: now() + WAIT }),
    takeJoining(address) {
      const kept = joining.get(speakerOf(address));
      joining.delete(speakerOf(address));
      return kept && kept.until > now() ? kept.group : undefined;
    },
    forget(user) {
      const isOwn = ({ owner }: SentPhoto): boolean => owner === user;
      albums.deleteWhere((photos) => photos.some(isOwn));
      requests.deleteWhere(({ address }) => address.user === user);
      wordless.deleteWhere(({ photos }) => photos.some(isOwn));
      for (const kept of [words, joining]) kept.deleteWhere((_, key) => key.endsWith(`/${user}`));
    },
  };
}

function placeOf({ chat, message, user }: TelegramAddress): string {
  return `${chat}/${message}/${user}`;
}

/** Who speaks where. */
function speakerOf({ chat, user }: Pick<TelegramAddress, 'chat' | 'user'>): string {
  return `${chat}/${user}`;
}
