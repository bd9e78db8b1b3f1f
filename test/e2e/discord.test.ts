import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeDiscord } from '../fakes/discord/discord.js';
import { type ShownMessage, textOf } from '../fakes/discord/messages.js';
import { facePhoto } from '../fakes/photos.js';
import { assertPortrait, assertWholeAlbum, findFailure, PATIENCE, serveWhole } from './served.js';

const photo = { bytes: facePhoto() };

test(
  'Discord, with the embedded model: a real photo in, a real album out, and every button',
  PATIENCE,
  async (context) => {
    const discord = await FakeDiscord.open(Date.now());
    const { stop } = await serveWhole({ discord: { token: discord.token, ...discord.endpoints } });
    context.after(async () => {
      await stop();
      await discord.close();
    });
    const [ann, bob] = [discord.user(), discord.user()];
    const bytesOf = ({ files }: ShownMessage): Uint8Array[] => files.map((file) => discord.cdn.bytes(file));
    const has =
      (label: string) =>
      ({ buttons }: ShownMessage): boolean =>
        buttons.some((button) => button.label === label);

    /** The first message that fits; waited for only as long as nobody says that no album comes. */
    const album = async (fits: (message: ShownMessage) => boolean): Promise<ShownMessage> => {
      const found = await ann.sees((message) => fits(message) || findFailure([textOf(message)]) !== undefined);
      return fits(found) ? found : assert.fail(textOf(found));
    };

    ann.slash('portrait', { photo, prompt: 'smiling', style: 'oil painting', seed: 7 });
    const question = await ann.sees(has('Read and agree'));
    ann.submit(await ann.form(ann.press(question, 'Read and agree')), { message: question });
    const first = await album(({ files }) => files.length > 0);
    await assertWholeAlbum({ portraits: bytesOf(first), wanted: 4, said: textOf(first) });
    assert.match(first.content, /Your 4 portraits · AI-generated/);
    for (const portrait of bytesOf(first)) await assertPortrait(portrait, 'jpeg');

    ann.press(first, 'As files');
    const files = await ann.sees(({ files: [shown] }) => shown?.filename.endsWith('.png') ?? false);
    assert.equal(files.files.length, 4);
    for (const portrait of bytesOf(files)) await assertPortrait(portrait, 'png');

    ann.press(first, 'Publish');
    const published = await bob.lastAlbum();
    assert.deepEqual(bytesOf(published), bytesOf(first));

    const again = await ann.form(ann.press(first, 'Change'));
    ann.submit(again, {
      message: first,
      text: '/portrait smiling style:oil painting count:1 seed:7',
      uploads: [photo],
    });
    await album(({ content }) => /Your portrait · AI-generated[^]*seed:7/.test(content));

    const anew = await ann.form(ann.press(first, 'Change'));
    assert.doesNotMatch(anew.fields[0]?.value ?? '', /seed/);
    // Ten, so that they are still being made when the press arrives.
    ann.submit(anew, { message: first, text: '/portrait smiling style:oil painting count:10', uploads: [photo] });
    ann.press(await ann.sees(has('Cancel')), 'Cancel');
    await ann.sees((message) => textOf(message).startsWith('Cancelled'));

    for (const message of [published, first]) {
      ann.press(message, 'Delete');
      await discord.until(() => (ann.visible().some(({ id }) => id === message.id) ? undefined : true));
    }
    assert.equal(discord.rest.buckets.violations, 0);
  },
);
