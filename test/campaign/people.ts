import { setTimeout as delay } from 'node:timers/promises';
import type { FakeBrowser } from '../fakes/browser.js';
import type { FakeDiscord } from '../fakes/discord/discord.js';
import { type ShownMessage, textOf } from '../fakes/discord/messages.js';
import { FakeMember, keysOf } from '../fakes/telegram/member.js';
import type { FakeTelegram } from '../fakes/telegram/server.js';
import type { Message } from '../../src/platforms/web/conversation.js';
import { type Person, type Seen, typed } from './person.js';

/** Milliseconds after which Discord tells its member that the program did not respond. */
const DEADLINE = 3000;
/** Milliseconds that an answer to a command may take. */
const PATIENCE = 20_000;
/** Of Discord's Manage Server. */
const MODERATOR = { permissions: '32' };
/** The one group there is. */
const GROUP = -1_001_234_567_890;
/** Milliseconds between two looks. */
const LOOK = 50;

/** Looks again and again, until something is so or the time is over. */
export async function within(milliseconds: number, isSo: () => boolean): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (!isSo()) {
    if (performance.now() > end) return false;
    await delay(LOOK);
  }
  return true;
}

/** Does something, and looks whether anything else is to be seen then. */
async function answered(seen: () => readonly unknown[], act: () => unknown): Promise<boolean> {
  const before = new Set(seen().map((message) => JSON.stringify(message)));
  await act();
  return within(PATIENCE, () => seen().some((message) => !before.has(JSON.stringify(message))));
}

/** Somebody in a channel of a server, whose answers are theirs alone. */
export function onDiscord(discord: FakeDiscord): Person {
  const user = discord.user('guild', 'en-US', MODERATOR);
  const mine = (): ShownMessage[] =>
    user.visible().filter(({ author, onlyFor }) => author === discord.world.bot && onlyFor === user.id);
  const has = (label: string) => (message: ShownMessage) => message.buttons.some((button) => button.label === label);
  return {
    platform: 'discord',
    async agree() {
      const question = await user.sees(has('Read and agree'));
      user.submit(await user.form(user.press(question, 'Read and agree')), { message: question });
    },
    async ask(prompt, bytes) {
      const interaction = user.slash('portrait', { photo: { bytes }, prompt, count: 1 });
      return within(DEADLINE, () => interaction.acknowledged);
    },
    say: ({ command, options, photo }) =>
      answered(
        () => mine().filter(({ thinking }) => !thinking),
        () => user.slash(command, { ...options, ...(photo && { photo: { bytes: photo } }) }),
      ),
    async fetchFiles() {
      const album = mine().findLast(has('As files'));
      return album === undefined || answered(mine, () => user.press(album, 'As files'));
    },
    seen: () =>
      mine().map((message) => ({
        id: message.id,
        text: textOf(message),
        album: message.files.length > 0,
        status: has('Cancel')(message),
      })),
    leave: () => undefined,
  };
}

/** Somebody in their private chat with the bot. What they send waits at Telegram while the program is down. */
export function onTelegram(telegram: FakeTelegram): Person {
  const member = new FakeMember(telegram);
  const group = telegram.world.chats.get(GROUP) ?? telegram.world.addChat(GROUP, 'group');
  group.admins.add(member.user.id);
  return {
    platform: 'telegram',
    async agree() {
      await telegram.until(() => member.seen().find(({ text }) => text?.startsWith('Before the first album')));
      await member.press('I agree');
    },
    async ask(words, photo) {
      await member.say(`${words} count:1`, { photos: [photo] });
      return true;
    },
    say(line) {
      const chat = line.command.startsWith('event') ? group : member.chat;
      const photos = line.photo ? [line.photo] : [];
      return answered(
        () => member.seen(chat),
        () => member.say(typed(line), { chat, photos }),
      );
    },
    async fetchFiles() {
      const album = member.seen().findLast((message) => keysOf(message).some(({ text }) => text === 'As files'));
      return (
        album === undefined ||
        answered(
          () => member.seen(),
          () => member.press('As files', { on: album }),
        )
      );
    },
    seen: () =>
      member.seen().map((message) => ({
        id: String(message.message_id),
        text: message.text ?? message.caption ?? '',
        album: message.photo !== undefined,
        status: keysOf(message).some(({ text }) => text === 'Cancel'),
      })),
    leave: () => undefined,
  };
}

/** Somebody with the page open, which finds its server again after each restart. */
export function onWeb(browser: FakeBrowser): Person {
  const shown = new Map<string, Message>();
  let open = true;
  const follow = async (): Promise<void> => {
    while (open) {
      await browser
        .until((messages) => {
          for (const message of messages) shown.set(message.id, message);
          return !open;
        })
        .catch(() => undefined);
      await delay(LOOK);
    }
  };
  void follow();
  return {
    platform: 'web',
    agree: async () => void (await browser.post('/api/consent')),
    ask: (words, photo) =>
      browser.send({ text: `${words} count:1`, photos: [photo] }).then(
        () => true,
        () => false,
      ),
    say: (line) =>
      answered(
        () => [...shown.values()].flatMap(seenOnPage),
        () => browser.send({ text: typed(line), photos: line.photo ? [line.photo] : [] }),
      ),
    async fetchFiles() {
      const album = [...shown.values()].findLast((message) => message.kind === 'album');
      if (album?.kind !== 'album') return true;
      const response = await browser.get(album.zip);
      return response.ok && (await response.arrayBuffer()).byteLength > 0;
    },
    seen: () => [...shown.values()].flatMap(seenOnPage),
    leave: () => void (open = false),
  };
}

function seenOnPage(message: Message): Seen[] {
  if (message.kind === 'member' || message.kind === 'typing') return [];
  const text = message.kind === 'album' ? message.caption : message.text;
  return [{ id: message.id, text, album: message.kind === 'album', status: message.kind === 'status' }];
}
