import type { Message } from 'telegraf/types';

/** Puts together what Telegram sends apart: the messages of one album come one by one, with one `media_group_id`. */
export interface Gatherer {
  /** Takes a message of an album; when no more came for a while, the album is handed on. */
  add(group: string, message: Message): void;
  /** Hands on what is there; for stopping. */
  flush(): void;
}

export interface GathererOptions {
  /** Milliseconds without another message after which an album is whole. */
  readonly pause: number;
  /** Gets the messages of an album in their order. */
  readonly onAlbum: (group: string, messages: readonly Message[]) => void;
}

interface Growing {
  readonly messages: Map<number, Message>;
  timer: NodeJS.Timeout;
}

export function createGatherer({ pause, onAlbum }: GathererOptions): Gatherer {
  const albums = new Map<string, Growing>();
  const finish = (group: string): void => {
    const album = albums.get(group);
    if (!album) return;
    clearTimeout(album.timer);
    albums.delete(group);
    onAlbum(
      group,
      [...album.messages.values()].sort((a, b) => a.message_id - b.message_id),
    );
  };
  return {
    add(group, message) {
      const known = albums.get(group);
      clearTimeout(known?.timer);
      const timer = setTimeout(finish, pause, group);
      const album = known ?? { messages: new Map(), timer };
      album.timer = timer;
      album.messages.set(message.message_id, message);
      albums.set(group, album);
    },
    flush() {
      for (const group of albums.keys()) finish(group);
    },
  };
}
