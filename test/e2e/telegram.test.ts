import assert from 'node:assert/strict';
import { test } from 'node:test';
import { facePhoto } from '../fakes/photos.js';
import { FakeMember, keysOf } from '../fakes/telegram/member.js';
import { FakeTelegram } from '../fakes/telegram/server.js';
import { SPEED } from '../fakes/telegram/timing.js';
import type { FakeMessage } from '../fakes/telegram/world.js';
import { assertPortrait, assertWholeAlbum, findFailure, PATIENCE, serveWhole } from './served.js';

test(
  'Telegram, with the embedded model: a real photo in, a real album out, and every button',
  PATIENCE,
  async (context) => {
    const fake = await FakeTelegram.start({ speed: SPEED });
    const { stop } = await serveWhole({ telegram: fake.connection });
    context.after(async () => {
      await stop();
      await fake.stop();
    });
    const ann = new FakeMember(fake);
    const bytesOf = ({ photo, document }: FakeMessage): Uint8Array => {
      const shown = (photo?.at(-1) ?? document) as { readonly file_id: string } | undefined;
      return fake.world.files.get(shown?.file_id ?? '')?.bytes ?? assert.fail('no picture');
    };
    const sees = (fits: (message: FakeMessage) => boolean): Promise<FakeMessage> =>
      fake.until(() => ann.seen().findLast(fits));
    const keyboards = (): readonly FakeMessage[] =>
      ann.seen().filter((message) => keysOf(message).some(({ text }) => text === 'More'));
    const texts = (): readonly string[] => ann.seen().flatMap(({ text }) => text ?? []);
    /** The newest album, once the message with its buttons is there, unless it is said that none comes. */
    const album = async (count: number): Promise<readonly FakeMessage[]> => {
      const failure = await fake.until(() => (keyboards().length === count ? '' : findFailure(texts())));
      assert.equal(failure, '');
      return ann.lastAlbum()?.messages ?? [];
    };

    const said = await ann.say('smiling style:watercolour seed:7', { photos: [facePhoto()] });
    await sees(({ text }) => text?.startsWith('Before the first album') ?? false);
    await ann.press('I agree');
    const first = await album(1);
    await assertWholeAlbum({ portraits: first.map(bytesOf), wanted: 4, said: texts().join('\n') });
    assert.match(first[0]?.caption ?? '', /^smiling, watercolour · Your 4 portraits · AI-generated/);
    for (const portrait of first) await assertPortrait(bytesOf(portrait), 'jpeg');

    // Ten, so that they are still being made when the press arrives.
    await ann.say('smiling style:watercolour count:10', { photos: [facePhoto()] });
    await sees((message) => keysOf(message).some(({ text }) => text === 'Cancel'));
    await ann.press('Cancel');
    await sees(({ text }) => text?.startsWith('Cancelled') ?? false);

    const [photo] = said.messages;
    assert.ok(photo);
    await ann.say('smiling count:1 seed:9', { answers: photo });
    const [one] = await album(2);
    await ann.say('smiling count:1 seed:9', { answers: photo });
    const [same] = await album(3);
    assert.ok(one && same);
    assert.deepEqual(bytesOf(same), bytesOf(one), 'the same seed makes the same picture');
    await ann.press('As files');
    const file = await sees(({ document }) => document !== undefined);
    await assertPortrait(bytesOf(file), 'png');
    assert.equal(keyboards().length, 3, 'the files of an album that is still known make no new one');

    const before = ann.seen().length;
    await ann.press('Delete');
    await fake.until(() => (ann.seen().length === before - 2 ? true : undefined));
  },
);
