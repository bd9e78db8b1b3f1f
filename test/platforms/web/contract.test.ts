import { commands, defaultCommand } from '../../../commands/index.js';
import type { Message } from '../../../src/platforms/web/conversation.js';
import { createWebPlatform } from '../../../src/platforms/web/platform.js';
import { type Person, type Seen, testChatPlatform } from '../../contract/platform.js';
import type { CommandForm } from '../../../src/chat/form.js';
import { FakeBrowser } from '../../fakes/browser.js';
import { testPresets } from '../../fakes/presets.js';
import { webParts } from '../../fakes/web-parts.js';

testChatPlatform('web', async (host) => {
  const platform = createWebPlatform({
    ...webParts(),
    host: '127.0.0.1',
    port: 0,
    commands,
    defaultCommand,
    presets: testPresets,
    maxPhotoBytes: 1000,
  });
  await platform.start(host);
  return {
    platform,
    person: async () => personAt(await FakeBrowser.open(platform.address)),
    close: () => platform.stop(),
  };
});

function personAt(browser: FakeBrowser): Person {
  return {
    say: (text, photos = [], key = crypto.randomUUID()) => browser.send({ text, photos, key }),
    cancel: async (jobId) => void (await browser.post(`/api/jobs/${jobId}/cancel`)),
    agree: async () => void (await browser.post('/api/consent')),
    // What these buttons of the page do: the album says its line, and the tiles are the choices of the form.
    async more(photos) {
      const albums = (await browser.messages()).filter((message) => message.kind === 'album');
      await browser.send({ text: albums.at(-1)?.line ?? '', photos });
    },
    async like(number, photos) {
      const albums = (await browser.messages()).filter((message) => message.kind === 'album');
      await browser.send({ text: albums.at(-1)?.pictures[number - 1]?.own?.line ?? '', photos });
    },
    async change(style, photos) {
      const albums = (await browser.messages()).filter((message) => message.kind === 'album');
      await browser.send({ text: `${albums.at(-1)?.line} style:${style}`, photos });
    },
    async pick(style, photos) {
      const { commands: forms } = (await (await browser.get('/api/setup')).json()) as {
        readonly commands: readonly CommandForm[];
      };
      const choices = forms.find(({ name }) => name === 'portrait')?.options.find(({ name }) => name === 'style');
      if (!choices?.choices.includes(style)) throw new Error(`no tile ${style}`);
      await browser.send({ text: `style:${style}`, photos });
    },
    async press(label) {
      const buttons = (await browser.messages()).flatMap((message) =>
        message.kind === 'text' ? (message.buttons ?? []) : [],
      );
      await browser.send({ text: buttons.findLast((button) => button.label === label)?.line ?? '' });
    },
    async takeLargest(photos) {
      const offers = (await browser.messages()).flatMap((message) =>
        message.kind === 'notice' ? [message.offer] : [],
      );
      await browser.send({ text: offers.at(-1)?.line ?? '', photos });
    },
    sees: async () => (await browser.messages()).flatMap(see),
  };
}

function see(message: Message): Seen[] {
  switch (message.kind) {
    case 'member':
    case 'typing':
      return [];
    case 'album':
      return [{ kind: 'album', text: message.caption, pictures: message.pictures.length }];
    case 'notice':
      return [{ kind: 'end', text: message.text }];
    case 'text': {
      const { text, points, pictures } = message;
      const bold = points && { bold: points.map(({ head }) => head) };
      return [{ kind: 'text', text, ...bold, ...(pictures && { pictures: pictures.length }) }];
    }
    default:
      return [{ kind: message.kind, text: message.text }];
  }
}
