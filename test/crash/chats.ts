import { Keyv } from 'keyv';
import { defaultCommand } from '../../commands/index.js';
import type { ReplyAddress } from '../../src/chat/member.js';
import type { ChatPlatform } from '../../src/chat/platform.js';
import type { Reply } from '../../src/chat/reply.js';
import { type Translate, translator } from '../../src/language/texts.js';
import { createAlbumMemory } from '../../src/platforms/album-memory.js';
import { createButtons } from '../../src/platforms/buttons.js';
import { readAddress, toReplyAddress } from '../../src/platforms/telegram/address.js';
import { createKeyboards } from '../../src/platforms/telegram/keyboards.js';
import { createLedger } from '../../src/platforms/telegram/ledger.js';
import { createReply } from '../../src/platforms/telegram/reply.js';
import type { Sender, TextDraft } from '../../src/platforms/telegram/sender.js';
import { createStatuses } from '../../src/platforms/telegram/statuses.js';
import { testPresets } from '../fakes/presets.js';
import type { Mortal } from './mortal.js';

/** Pictures of every album here. */
export const ALBUM = 2;

/** What somebody sees in the end of one request. */
export interface Outcome {
  /** Albums that stand in the conversation. */
  readonly albums: number;
  /** Whether the member was given an album, or told why there is none, or offered another. */
  readonly told: boolean;
  /** Status messages that are left although the program knew of them. */
  readonly leftovers: number;
}

/** A place where members are answered, which outlives the processes that answer there. Every request has a chat of its own. */
export interface Outside {
  address(chat: string, user: string): ReplyAddress;
  /** The platform as one process has it. */
  connect(mortal: Mortal): ChatPlatform;
  outcome(chat: string): Outcome;
}

function platform(name: ChatPlatform['name'], reply: (address: ReplyAddress) => Reply): ChatPlatform {
  const nothing = async (): Promise<void> => undefined;
  return {
    name,
    statusInterval: 0,
    start: nothing,
    stop: nothing,
    forget: nothing,
    post: async () => undefined,
    reply,
  };
}

type Shown = 'status' | 'album' | 'end' | 'text';

/** Where one message is edited again and again, as on Discord and the web: the last thing shown is what there is. */
export function createReplacing(): Outside {
  const shown = new Map<string, Shown>();
  const screen = {
    async show(chat: string, what: Shown): Promise<void> {
      shown.set(chat, what);
    },
  };
  return {
    address: (chat, user) => ({ chat, user }),
    connect(mortal) {
      const { show } = mortal.wrap(screen);
      return platform('web', ({ chat = '' }) => ({
        whispers: true,
        show: () => show(chat, 'text'),
        acknowledge: async () => undefined,
        say: () => show(chat, 'text'),
        list: () => show(chat, 'text'),
        refuse: () => show(chat, 'text'),
        askConsent: () => show(chat, 'text'),
        canDeliver: async () => true,
        status: () => show(chat, 'status'),
        album: () => show(chat, 'album'),
        conclude: () => show(chat, 'end'),
      }));
    },
    outcome(chat) {
      const last = shown.get(chat);
      const albums = last === 'album' ? 1 : 0;
      return { albums, told: last === 'album' || last === 'end', leftovers: last === 'status' ? 1 : 0 };
    },
  };
}

/** The facts of a ledger, and every message that was ever recorded as a status. */
class LedgerFacts extends Map<string, unknown> {
  readonly statuses = new Set<string>();

  override set(key: string, value: unknown): this {
    const id = /telegram:status:.*"value":"(\d+)"/.exec(`${key}${String(value)}`)?.[1];
    if (id !== undefined) this.statuses.add(id);
    return super.set(key, value);
  }
}

interface Posted {
  readonly id: string;
  readonly chat: string;
  readonly draft: TextDraft | 'picture';
}

/** Where every message stays and none can be sent “at most once”, as on Telegram; with the real ledger of what was sent. */
export function createAppending(): Outside {
  const messages = new Map<string, Posted>();
  const kept = new LedgerFacts();
  let last = 0;
  const post = (chat: string, draft: Posted['draft']): string => {
    const id = String(++last);
    messages.set(id, { id, chat, draft });
    return id;
  };
  const sender: Sender = {
    text: async ({ chat }, draft) => post(chat, draft),
    async edit({ chat }, id, draft) {
      if (messages.has(id)) messages.set(id, { id, chat, draft });
      return messages.has(id);
    },
    picture: async ({ chat }) => ({ id: post(chat, 'picture'), file: '' }),
    editPicture: async () => undefined,
    album: async ({ chat }, { pictures }) => pictures.map(() => post(chat, 'picture')),
    pin: async () => undefined,
    remove: async (_, ids) => ids.forEach((id) => messages.delete(id)),
    keys: async () => undefined,
    typing: async () => undefined,
    copy: async () => undefined,
    uploading: async () => undefined,
  };
  const keyboards = createKeyboards(createButtons('a secret'));
  const empty = { chat: '', message: '1', photo: '1', user: '', locale: 'en', thread: '', files: '' };
  const sentTo = (chat: string): readonly Posted[] => [...messages.values()].filter((posted) => posted.chat === chat);
  return {
    address: (chat, user) => toReplyAddress({ ...empty, chat, user }),
    connect(mortal) {
      const ledger = createLedger(mortal.wrap(new Keyv<string>({ store: kept })));
      const nothing = (): void => undefined;
      const chatAction = <Value>(run: () => Promise<Value>): Promise<Value> => run();
      const pace = { chatAction, take: <Value>(_: unknown, run: () => Promise<Value>) => run() };
      const textsFor = async (): Promise<Translate> => translator('en');
      const uploading = { sign: nothing, end: nothing, endAll: nothing };
      const shared = { sender: mortal.wrap(sender), ledger, keyboards, pace, uploading, textsFor };
      const parts = {
        ...shared,
        statuses: createStatuses(shared),
        albumCommand: defaultCommand,
        presets: testPresets,
        albums: createAlbumMemory(Date.now),
      };
      return platform('telegram', (address) =>
        createReply(readAddress(address), { ...parts, maySend: async () => true, onError: nothing, onGone: nothing }),
      );
    },
    outcome(chat) {
      const posted = sentTo(chat);
      const statuses = posted.filter(({ draft }) => draft !== 'picture' && isStatus(draft));
      const pictures = posted.filter(({ draft }) => draft === 'picture');
      // What was sent when the process died is not known to the next one.
      const leftovers = statuses.filter(({ id }) => kept.statuses.has(id)).length;
      const told = posted.length > statuses.length + pictures.length;
      return { albums: pictures.length / ALBUM, told, leftovers };
    },
  };
}

function isStatus({ text, keyboard }: TextDraft): boolean {
  const labels = keyboard?.inline_keyboard.flat().map(({ text: label }) => label) ?? [];
  return (
    labels.includes('Cancel') || /^(\d+ requests? (is|are) ahead|Yours is next|I was interrupted and am)/.test(text)
  );
}
