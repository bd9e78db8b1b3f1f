import { type Person, type Seen, testChatPlatform } from '../../contract/platform.js';
import { FakeMember, keysOf } from '../../fakes/telegram/member.js';
import type { FakeTelegram } from '../../fakes/telegram/server.js';
import type { FakeMessage } from '../../fakes/telegram/world.js';
import { openTelegram } from './open.js';

testChatPlatform('telegram', async (host) => {
  const { fake, platform, close } = await openTelegram(host);
  const shutOut = async () => {
    const member = new FakeMember(fake);
    await member.block();
    return { member: { platform: 'telegram', id: String(member.user.id) } } as const;
  };
  return { platform, person: async () => personIn(fake), shutOut, close };
});

function personIn(fake: FakeTelegram): Person {
  const member = new FakeMember(fake);
  const sent = new Map<string, readonly number[]>();
  /** Chooses a style by the keys under the question, each as soon as it is there. */
  const choose = async (style: string): Promise<void> => {
    for (const label of ['Style: none', style, 'Go']) {
      await fake.until(() => member.seen().find((message) => keysOf(message).some(({ text }) => text === label)));
      await member.press(label);
    }
  };
  return {
    async say(line, photos = [], key = crypto.randomUUID()) {
      const known = sent.get(key);
      if (known) for (const update of known) await fake.updates.redeliver(update);
      else sent.set(key, (await member.say(line, { photos })).updates);
      return key;
    },
    cancel: async () => void (await member.press('Cancel')),
    agree: async () => void (await member.press('I agree')),
    more: async () => void (await member.press('More')),
    async like(number) {
      await member.press(String(number));
      const label = `More like ${number}`;
      await fake.until(() => member.seen().find((message) => keysOf(message).some(({ text }) => text === label)));
      await member.press(label);
    },
    async change(style) {
      await member.press('Change');
      await choose(style);
    },
    async pick(style, photos) {
      await member.say('', { photos });
      await choose(style);
    },
    press: async (label) => void (await member.press(label)),
    takeLargest: async () => void (await member.press(LARGEST)),
    async sees() {
      const messages = member.seen();
      const album = member.lastAlbum();
      const words = messages.filter((message) => message.text !== undefined && !isBelowAlbum(message)).map(see);
      if (!album) return words;
      const [caption = ''] = album.caption.split('\n');
      const kind = messages.some(isBelowAlbum) ? 'album' : 'text';
      return [...words, { kind, text: caption, pictures: album.messages.length }];
    },
  };
}

const LARGEST = 'Take the largest face';

/** Whether this is the message with the line and the buttons of an album. */
function isBelowAlbum(message: FakeMessage): boolean {
  const line = message.entities?.some(({ type }) => type === 'code') ?? false;
  return line && keysOf(message).every(({ text }) => text !== LARGEST);
}

function cutOut(
  { text = '' }: FakeMessage,
  { offset, length }: { readonly offset: number; readonly length: number },
): string {
  return text.slice(offset, offset + length);
}

/** What a text message is, by what can be seen of it. */
function see(message: FakeMessage): Seen {
  const labels = keysOf(message).map(({ text }) => text);
  const bold = (message.entities ?? []).filter(({ type }) => type === 'bold');
  if (bold.length > 0)
    return { kind: 'text', text: message.text ?? '', bold: bold.map((part) => cutOut(message, part)) };
  const [first = ''] = message.text?.split('\n') ?? [];
  if (labels.includes('Cancel')) return { kind: 'status', text: first };
  if (labels.includes('I agree')) return { kind: 'consent', text: first };
  if (first.startsWith('⚠️ ')) return { kind: 'refusal', text: first.slice('⚠️ '.length) };
  if (labels.includes(LARGEST)) return { kind: 'end', text: first };
  return { kind: 'edit_date' in message ? 'end' : 'text', text: first };
}
