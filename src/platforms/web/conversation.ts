import type { AlbumPicture } from '../../chat/picture.js';
import type { AnswerPoint } from '../../chat/point.js';
import type { AlbumMessage, LineButton, Offer, StatusView } from '../../chat/reply.js';

/** A picture of an album as the page shows it. */
export interface PictureView {
  readonly name: string;
  readonly description: string;
  readonly similarity?: number;
  /** Addresses of the JPEG and the PNG. */
  readonly preview: string;
  readonly file: string;
  /** What can be done with a portrait of one's own. */
  readonly own?: {
    /** The line that asks for more like it. */
    readonly line: string;
    /** Address of the square around its face, as PNG. */
    readonly avatar: string;
    /** Address that deletes it. */
    readonly remove: string;
  };
}

/** A button that sends a line with the photos of the member's message once more. */
export interface OfferView {
  readonly action: Offer['action'];
  readonly line: string;
}

/** The kinds of messages and what each says. */
export type MessageContent =
  | { readonly kind: 'member'; readonly text: string; readonly photos: number }
  | {
      readonly kind: 'text';
      readonly text: string;
      /** The same in its points, where it has such. */
      readonly points?: readonly AnswerPoint[];
      readonly pictures?: readonly PictureView[];
      /** Buttons that each say a line. */
      readonly buttons?: readonly LineButton[];
      /** A button that begins a line for the member to end. */
      readonly begin?: { readonly label: string; readonly line: string };
    }
  | { readonly kind: 'refusal'; readonly text: string }
  | { readonly kind: 'notice'; readonly text: string; readonly offer?: OfferView }
  | { readonly kind: 'consent'; readonly text: string }
  | { readonly kind: 'typing' }
  | (StatusView & { readonly kind: 'status' })
  | {
      readonly kind: 'album';
      readonly caption: string;
      readonly notes: readonly string[];
      readonly pictures: readonly PictureView[];
      /** The line that makes more of it: the same wish with another seed. */
      readonly line: string;
      /** The seed it was made with. */
      readonly seed?: number;
      /** Address of the pictures in one file. */
      readonly zip: string;
      /** The pictures made way for newer albums. */
      readonly expired: boolean;
    };

/** What the conversation on the page is made of. */
export type Message = MessageContent & {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Key of the member's message this belongs to. */
  readonly key: string;
};

/** What the page shows beside its conversation, and asks for by itself. */
export type SharedPart = 'event' | 'queue' | 'albums';

/** A change of the conversation, or of what everyone shares, as sent to the page. */
export type ConversationEvent =
  | { readonly type: 'all'; readonly messages: readonly Message[] }
  | { readonly type: 'put'; readonly message: Message }
  | { readonly type: 'remove'; readonly id: string }
  | { readonly type: 'changed'; readonly part: SharedPart };

type Listener = (event: ConversationEvent) => void;

/** Messages a conversation remembers. */
const MAX_MESSAGES = 400;
/** Bytes of pictures a conversation keeps; older albums lose theirs. */
const MAX_PICTURE_BYTES = 96 * 1024 * 1024;

/** One browser's conversation, in memory: its messages in order, its albums' pictures, and the pages that watch it. */
export class Conversation {
  readonly #messages = new Map<string, Message>();
  readonly #albums = new Map<string, ReadonlyMap<number, AlbumPicture>>();
  readonly #listeners = new Set<Listener>();
  /** Pictures a watching page was told of and has not fetched yet, as `album/index`. */
  readonly #unfetched = new Set<string>();
  #onFetched: (() => void)[] = [];

  /** Adds a message at the end, or changes the one with its id where it stands. */
  put(message: Message): void {
    this.#messages.set(message.id, message);
    this.#tell({ type: 'put', message });
    const [oldest] = this.#messages.keys();
    if (this.#messages.size > MAX_MESSAGES && oldest !== undefined) this.remove(oldest);
  }

  /** Whether a page is open that shows it, or something is being made for it. */
  get inUse(): boolean {
    return this.#listeners.size > 0 || [...this.#messages.values()].some(({ kind }) => kind === 'status');
  }

  get isEmpty(): boolean {
    return this.#messages.size === 0;
  }

  remove(id: string): void {
    if (this.#messages.delete(id)) this.#tell({ type: 'remove', id });
    this.#albums.delete(id);
  }

  get(id: string): Message | undefined {
    return this.#messages.get(id);
  }

  get messages(): readonly Message[] {
    return [...this.#messages.values()];
  }

  /** Keeps an album's pictures under its message's id, and lets go of the oldest that no longer fit. */
  keepPictures(id: string, album: Pick<AlbumMessage, 'pictures'>): void {
    this.#albums.set(id, new Map(album.pictures.entries()));
    if (this.#listeners.size > 0) album.pictures.forEach((_, index) => this.#unfetched.add(`${id}/${index}`));
    let bytes = [...this.#albums.values()].reduce((sum, kept) => sum + sizeOf(kept), 0);
    for (const [oldest, kept] of this.#albums) {
      if (bytes <= MAX_PICTURE_BYTES || oldest === id) return;
      bytes -= sizeOf(kept);
      this.#albums.delete(oldest);
      const message = this.#messages.get(oldest);
      if (message?.kind === 'album') this.put({ ...message, pictures: [], expired: true });
      if (message?.kind === 'text') this.put({ ...message, pictures: [] });
    }
  }

  /** One picture of the album with that message id. */
  picture(id: string, index: number): AlbumPicture | undefined {
    this.#unfetched.delete(`${id}/${index}`);
    this.#checkFetched();
    return this.#albums.get(id)?.get(index);
  }

  /** All pictures of the album with that message id. */
  pictures(id: string): readonly AlbumPicture[] {
    return [...(this.#albums.get(id)?.values() ?? [])];
  }

  /** Deletes one picture of the album with that message id, and with the last of them the album. */
  removePicture(id: string, index: number): void {
    const [album, message] = [this.#albums.get(id), this.#messages.get(id)];
    const picture = album?.get(index);
    if (!album || !picture || message?.kind !== 'album') return;
    const others = new Map([...album].filter(([other]) => other !== index));
    if (others.size === 0) return this.remove(id);
    this.#albums.set(id, others);
    this.put({ ...message, pictures: message.pictures.filter(({ name }) => name !== picture.name) });
  }

  /** Resolves when the watching pages have fetched every picture they were told of. */
  async fetched(): Promise<void> {
    if (this.#unfetched.size > 0) await new Promise<void>((resolve) => void this.#onFetched.push(resolve));
  }

  /** Forgets every message and every picture. */
  clear(): void {
    this.#messages.clear();
    this.#albums.clear();
    this.#tell({ type: 'all', messages: [] });
  }

  /** Tells that something changed that is not part of the conversation. */
  tellChanged(part: SharedPart): void {
    this.#tell({ type: 'changed', part });
  }

  /** Tells everything there is, then every change. Answers how to stop listening. */
  watch(listener: Listener): () => void {
    listener({ type: 'all', messages: this.messages });
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#unfetched.clear();
      this.#checkFetched();
    };
  }

  #checkFetched(): void {
    if (this.#unfetched.size > 0) return;
    for (const tell of this.#onFetched.splice(0)) tell();
  }

  #tell(event: ConversationEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function sizeOf(pictures: ReadonlyMap<number, AlbumPicture>): number {
  return [...pictures.values()].reduce((sum, { preview, file }) => sum + preview.length + file.size, 0);
}
