import type { TelegramAddress } from './address.js';
import type { PhotoSource } from './hearing.js';
import type { SentPhoto } from './photos.js';
import { Recent } from './recent.js';
import type { Wish } from './wish.js';

/** Albums, wishes and photos remembered of each kind. */
const REMEMBERED = 2000;

/** What a bot remembers of the last hours, in memory: ids of photos, never photos, and wishes that wait for an answer. */
export interface Remembered {
  /** Another photo of an album came. */
  addToAlbum(group: string, photo: SentPhoto): void;
  album(group: string): readonly SentPhoto[] | undefined;
  /** A wish, for which consent may be missing. */
  keepWish(wish: Wish): void;
  /** The wish that was answered at an address; it is then forgotten. */
  takeWish(address: TelegramAddress): Wish | undefined;
  /** Photos came without words. */
  keepWordless(wish: Wish): void;
  /** Photos a member sent to a chat without words, and of which nothing was made yet. */
  wordless(chat: string, user: string): PhotoSource | undefined;
  /** Forgets all of a member. */
  forget(user: string): void;
}

export function createRemembered(): Remembered {
  const albums = new Recent<readonly SentPhoto[]>(REMEMBERED);
  const wishes = new Recent<Wish>(REMEMBERED);
  const wordless = new Recent<PhotoSource>(REMEMBERED);
  return {
    addToAlbum: (group, photo) => albums.set(group, [...(albums.get(group) ?? []), photo]),
    album: (group) => albums.get(group),
    keepWish(wish) {
      wishes.set(placeOf(wish.address), wish);
      if (wish.photos.length > 0) wordless.delete(speakerOf(wish.address));
    },
    takeWish(address) {
      const wish = wishes.get(placeOf(address));
      wishes.delete(placeOf(address));
      return wish;
    },
    keepWordless: ({ address, photos }) => wordless.set(speakerOf(address), { message: address.photo, photos }),
    wordless: (chat, user) => wordless.get(speakerOf({ chat, user })),
    forget(user) {
      const isOwn = ({ owner }: SentPhoto): boolean => owner === user;
      albums.deleteWhere((photos) => photos.some(isOwn));
      wishes.deleteWhere(({ address }) => address.user === user);
      wordless.deleteWhere(({ photos }) => photos.some(isOwn));
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
