import type { Keyv } from 'keyv';
import { createSerial } from '../../data/serial.js';

/**
 * How far an album has come: `sending` from just before it is sent until Telegram's answer is recorded, `sent` with the ids
 * of its messages until its buttons are there, then `closed`.
 */
export type AlbumState =
  | { readonly kind: 'sending' | 'closed' }
  | { readonly kind: 'sent'; readonly messages: readonly string[] };

/** What must be known of messages already sent, by their ids alone: nothing is sent twice, and all of it can be deleted. */
export interface Ledger {
  /** Id of the status message of a job. */
  status(jobId: string): Promise<string | undefined>;
  keepStatus(jobId: string, message: string): Promise<void>;
  dropStatus(jobId: string): Promise<void>;
  album(jobId: string): Promise<AlbumState | undefined>;
  keepAlbum(jobId: string, state: AlbumState): Promise<void>;
  dropAlbum(jobId: string): Promise<void>;
  /** Notes that messages were sent to a chat for a member. */
  note(user: string, chat: string, messages: readonly string[]): Promise<void>;
  /** Forgets a member's messages and answers them by chat. */
  take(user: string): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** For so long Telegram lets a bot delete what it wrote; nothing needs to be known for longer. */
const LIFETIME = 48 * 60 * 60_000;
/** Messages remembered of one member. */
const MAX_MESSAGES = 500;

/** A ledger in a key-value store; it outlives a restart where the store does. */
export function createLedger(facts: Keyv<string>): Ledger {
  // A member's list is read, changed and written.
  const serial = createSerial();
  const keep = async (key: string, value: string): Promise<void> => void (await facts.set(key, value, LIFETIME));
  const drop = async (key: string): Promise<void> => void (await facts.delete(key));
  const read = async (user: string): Promise<string[]> =>
    ((await facts.get(`telegram:sent:${user}`)) ?? '').split(' ').filter((entry) => entry !== '');
  return {
    status: (jobId) => facts.get(`telegram:status:${jobId}`),
    keepStatus: (jobId, message) => keep(`telegram:status:${jobId}`, message),
    dropStatus: (jobId) => drop(`telegram:status:${jobId}`),
    async album(jobId) {
      const [kind, ...messages] = (await facts.get(`telegram:album:${jobId}`))?.split(' ') ?? [];
      if (kind === 'sent') return { kind, messages };
      return kind === 'sending' || kind === 'closed' ? { kind } : undefined;
    },
    keepAlbum: (jobId, state) =>
      keep(`telegram:album:${jobId}`, [state.kind, ...(state.kind === 'sent' ? state.messages : [])].join(' ')),
    dropAlbum: (jobId) => drop(`telegram:album:${jobId}`),
    note: (user, chat, messages) =>
      serial(async () => {
        const known = [...(await read(user)), ...messages.map((message) => `${chat}/${message}`)];
        await keep(`telegram:sent:${user}`, known.slice(-MAX_MESSAGES).join(' '));
      }),
    take: (user) =>
      serial(async () => {
        const known = await read(user);
        await drop(`telegram:sent:${user}`);
        return byChat(known);
      }),
  };
}

function byChat(entries: readonly string[]): Map<string, string[]> {
  const chats = new Map<string, string[]>();
  for (const entry of entries) {
    const [chat = '', message = ''] = entry.split('/');
    chats.set(chat, [...(chats.get(chat) ?? []), message]);
  }
  return chats;
}
