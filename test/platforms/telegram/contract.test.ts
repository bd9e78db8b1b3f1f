import { type Person, type Seen, testChatPlatform } from '../../contract/platform.js';
import { FakeMember, keysOf } from '../../fakes/telegram/member.js';
import type { FakeTelegram } from '../../fakes/telegram/server.js';
import type { FakeMessage } from '../../fakes/telegram/world.js';
import { openTelegram } from './open.js';

testChatPlatform('telegram', async (host) => {
  const { fake, platform, close } = await openTelegram(host);
  return { platform, person: async () => personIn(fake), close };
});

function personIn(fake: FakeTelegram): Person {
  const member = new FakeMember(fake);
  const sent = new Map<string, readonly number[]>();
  return {
    async say(line, photos = [], key = crypto.randomUUID()) {
      const known = sent.get(key);
      if (known) for (const update of known) await fake.updates.redeliver(update);
      else sent.set(key, (await member.say(line, { photos })).updates);
      return key;
    },
    cancel: async () => void (await member.press('Cancel')),
    agree: async () => void (await member.press('I agree')),
    async sees() {
      const messages = member.seen();
      const album = member.lastAlbum();
      const words = messages.filter(({ text, entities }) => text !== undefined && entities === undefined).map(see);
      if (!album) return words;
      const [caption = ''] = album.caption.split('\n');
      return [...words, { kind: 'album', text: caption, pictures: album.messages.length }];
    },
  };
}

/** What a text message is, by what can be seen of it. */
function see(message: FakeMessage): Seen {
  const labels = keysOf(message).map(({ text }) => text);
  const [first = ''] = message.text?.split('\n') ?? [];
  if (labels.includes('Cancel')) return { kind: 'status', text: first };
  if (labels.includes('I agree')) return { kind: 'consent', text: first };
  if (first.startsWith('⚠️ ')) return { kind: 'refusal', text: first.slice('⚠️ '.length) };
  return { kind: 'edit_date' in message ? 'end' : 'text', text: first };
}
