import type { ChatHost } from '../../src/chat/host.js';
import type { ReplyAddress } from '../../src/chat/member.js';
import type { SizedPicture } from '../../src/chat/picture.js';
import type { ChatPlatform } from '../../src/chat/platform.js';
import type { AlbumMessage, Offer, PublicPost, Reply, StatusView } from '../../src/chat/reply.js';

/** One thing a platform was told to show. */
export type Shown =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'text' | 'refusal' | 'consent'; readonly text: string }
  | { readonly kind: 'pictures'; readonly text: string; readonly pictures: readonly SizedPicture[] }
  | { readonly kind: 'end'; readonly text: string; readonly offer?: Offer }
  | { readonly kind: 'status'; readonly view: StatusView }
  | { readonly kind: 'album'; readonly album: AlbumMessage };

/** A platform that remembers, by address, what it was told to show. */
export interface RecordingPlatform extends ChatPlatform {
  shown(address: ReplyAddress): readonly Shown[];
  /** Resolves when something of this kind is shown at the address. */
  until(address: ReplyAddress, kind: Shown['kind']): Promise<Shown>;
  /** Resolves when a status with progress is shown at the address. */
  untilProgress(address: ReplyAddress): Promise<Shown>;
  /** What everyone sees, by the post's id; a test may delete one. */
  readonly posts: Map<string, PublicPost>;
  /** Resolves when a post says so. */
  untilPost(says: RegExp): Promise<void>;
  /** From now on nothing can be posted or delivered at the address. */
  close(address: ReplyAddress): void;
  /** Posts that say so are taken only once the answered function is called. */
  holdPosts(says: RegExp): () => void;
  /** The next album is not sent: this is thrown instead. */
  failNextAlbum(error: unknown): void;
  /** Albums at the address are taken only once the answered function is called. */
  holdUp(address: ReplyAddress): () => void;
  /** Resolves when so many albums in all were held up. */
  untilHeldUp(count: number): Promise<void>;
}

/** Where it whispers, an answer can be for its member alone. */
export function createRecordingPlatform(whispers = true): RecordingPlatform {
  const records = new Map<string, Shown[]>();
  const waiters = new Set<() => void>();
  const posts = new Map<string, PublicPost>();
  const closed = new Set<string>();
  const heldUp = new Map<string, Promise<void>>();
  let heldPosts: { readonly says: RegExp; readonly released: Promise<void> } | undefined;
  let arrived = 0;
  let failure: { readonly error: unknown } | undefined;
  const recordsOf = (address: ReplyAddress): Shown[] => {
    const key = JSON.stringify(address);
    const found = records.get(key) ?? [];
    records.set(key, found);
    return found;
  };
  const untilShown = (address: ReplyAddress, fits: (shown: Shown) => boolean): Promise<Shown> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = recordsOf(address).find(fits);
        if (!found) return;
        waiters.delete(look);
        resolve(found);
      };
      waiters.add(look);
      look();
    });
  const reply = (address: ReplyAddress): Reply => {
    const show = async (shown: Shown): Promise<void> => {
      recordsOf(address).push(shown);
      for (const wake of waiters) wake();
    };
    return {
      whispers,
      acknowledge: () => show({ kind: 'acknowledged' }),
      say: (text) => show({ kind: 'text', text }),
      list: (points) => show({ kind: 'text', text: points.map(({ head, text }) => `${head} ${text}`).join('\n') }),
      show: (text, pictures) => show({ kind: 'pictures', text, pictures }),
      refuse: (text) => show({ kind: 'refusal', text }),
      askConsent: (text) => show({ kind: 'consent', text }),
      canDeliver: async () => !closed.has(JSON.stringify(address)),
      status: (view) => show({ kind: 'status', view }),
      async album(album) {
        const failing = failure;
        failure = undefined;
        if (failing) throw failing.error;
        const held = heldUp.get(JSON.stringify(address));
        if (held) arrived++;
        for (const wake of waiters) wake();
        await held;
        await show({ kind: 'album', album });
      },
      conclude: (_, text, offer) => show({ kind: 'end', text, ...(offer && { offer }) }),
    };
  };
  return {
    name: 'web',
    statusInterval: 0,
    reply,
    start: async (_host: ChatHost) => undefined,
    stop: async () => undefined,
    async post(address, post, earlier) {
      if (closed.has(JSON.stringify(address))) return undefined;
      if (heldPosts?.says.test(post.text)) await heldPosts.released;
      const id = earlier !== undefined && posts.has(earlier) ? earlier : `post-${posts.size + 1}`;
      posts.set(id, post);
      for (const wake of waiters) wake();
      return id;
    },
    posts,
    untilPost: (says) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (![...posts.values()].some(({ text }) => says.test(text))) return;
          waiters.delete(look);
          resolve();
        };
        waiters.add(look);
        look();
      }),
    holdPosts(says) {
      let release = (): void => undefined;
      heldPosts = { says, released: new Promise((resolve) => (release = resolve)) };
      return release;
    },
    close: (address) => void closed.add(JSON.stringify(address)),
    forget: async ({ id }) => {
      for (const key of records.keys()) if (key.includes(id)) records.delete(key);
    },
    shown: recordsOf,
    until: (address, kind) => untilShown(address, (shown) => shown.kind === kind),
    untilProgress: (address) =>
      untilShown(address, (shown) => shown.kind === 'status' && shown.view.progress !== undefined),
    failNextAlbum: (error) => void (failure = { error }),
    holdUp(address) {
      let release = (): void => undefined;
      heldUp.set(JSON.stringify(address), new Promise((resolve) => (release = resolve)));
      return release;
    },
    untilHeldUp: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (arrived < count) return;
          waiters.delete(look);
          resolve();
        };
        waiters.add(look);
        look();
      }),
  };
}
