import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeDiscord } from '../fakes/discord/discord.js';
import { type ShownMessage, textOf } from '../fakes/discord/messages.js';
import { facePhoto } from '../fakes/photos.js';
import { assertPortrait, likenessOf, PATIENCE, serveWhole } from './served.js';

const photo = { bytes: facePhoto() };

test(
  'Discord, with the embedded model: a real photo in, a real album out, and every button',
  PATIENCE,
  async (context) => {
    const discord = await FakeDiscord.open(Date.now());
    const stop = await serveWhole({ discord: { token: discord.token, ...discord.endpoints } });
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

    ann.slash('portrait', { photo, prompt: 'smiling', style: 'pencil sketch', seed: 7 });
    const question = await ann.sees(has('Read and agree'));
    ann.submit(await ann.form(ann.press(question, 'Read and agree')), { message: question });
    const album = await ann.sees(({ files }) => files.length === 4);
    assert.match(album.content, /4 portraits · seed 7 · AI-generated/);
    for (const portrait of bytesOf(album)) await assertPortrait(portrait, 'jpeg');
    const likeness = await likenessOf(bytesOf(album));
    assert.ok(Math.max(...likeness) > 0.1, `more alike than strangers are: ${likeness.join(', ')}`);

    ann.press(album, 'As files');
    const files = await ann.sees(({ files: [first] }) => first?.filename.endsWith('.png') ?? false);
    assert.equal(files.files.length, 4);
    for (const portrait of bytesOf(files)) await assertPortrait(portrait, 'png');

    ann.press(album, 'Publish');
    const published = await bob.lastAlbum();
    assert.deepEqual(bytesOf(published), bytesOf(album));

    const again = await ann.form(ann.press(album, 'Again'));
    ann.submit(again, {
      message: album,
      text: '/portrait smiling style:pencil sketch count:1 seed:7',
      uploads: [photo],
    });
    await ann.sees(({ content }) => /Your portrait · seed 7/.test(content));

    const anew = await ann.form(ann.press(album, 'New seed'));
    assert.doesNotMatch(anew.fields[0]?.value ?? '', /seed/);
    ann.submit(anew, { message: album, uploads: [photo] });
    const running = await ann.sees((message) => has('Cancel')(message) && /%/.test(JSON.stringify(message.embeds)));
    ann.press(running, 'Cancel');
    await ann.sees((message) => textOf(message).startsWith('Cancelled'));

    for (const message of [published, album]) {
      ann.press(message, 'Delete');
      await discord.until(() => (ann.visible().some(({ id }) => id === message.id) ? undefined : true));
    }
    assert.equal(discord.rest.buckets.violations, 0);
  },
);
