import { pino } from 'pino';
import { composeChat } from '../../../src/compose/chat.js';
import { translator } from '../../../src/language/texts.js';
import type { Message } from '../../../src/platforms/web/conversation.js';
import { type Petitioner, testBadInput } from '../../contract/bad-input.js';
import { FakeBrowser, type Sending } from '../../fakes/browser.js';
import { testPresets } from '../../fakes/presets.js';

testBadInput('web', async ({ engine, limits, now }) => {
  const config = { host: '127.0.0.1', port: 0, limits };
  const chat = composeChat({ config, engine, presets: testPresets, log: pino({ level: 'silent' }), now });
  await chat.start();
  return {
    petitioner: async () => petitionerAt(await FakeBrowser.open(chat.address)),
    longestLine: Number.POSITIVE_INFINITY,
    silence: {
      answer: translator('en')('errors.prompt-empty'),
      send: (petitioner, photo) => petitioner.say('', [photo]),
    },
    stop: () => chat.stop(),
  };
});

function petitionerAt(browser: FakeBrowser): Petitioner {
  let last: Sending = { text: '' };
  return {
    async say(text, photos = []) {
      last = { text, photos, key: crypto.randomUUID() };
      await browser.send(last);
    },
    async agree() {
      await browser.post('/api/consent');
      await browser.send({ ...last, resent: true });
    },
    reads: (text) => browser.until((messages) => messages.some((message) => textOf(message).includes(text))),
    texts: async () => (await browser.messages()).map(textOf).filter((text) => text !== ''),
    async album(number) {
      const messages = await browser.until((shown) => albumsOf(shown).length >= number);
      return albumsOf(messages).at(-1)?.pictures.length ?? 0;
    },
  };
}

function albumsOf(messages: readonly Message[]) {
  return messages.filter((message) => message.kind === 'album');
}

function textOf(message: Message): string {
  if (message.kind === 'album') return [message.caption, ...message.notes].join('\n');
  return message.kind !== 'member' && 'text' in message ? message.text : '';
}
