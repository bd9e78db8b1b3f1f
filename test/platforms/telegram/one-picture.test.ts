import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { drawAvatar } from '../../../src/media/avatar.js';
import { readyFile } from '../../../src/media/picture-file.js';
import { ListeningHost, plainAlbum } from '../../fakes/host.js';
import { plainPng } from '../../fakes/photos.js';
import { FakeMember, keysOf } from '../../fakes/telegram/member.js';
import { openTelegram } from './open.js';

const PHOTO = Uint8Array.of(0xff, 0xd8, 0xff, 1);

interface StoredDocument {
  readonly file_name?: string;
  readonly file_size?: number;
}

/** A group in which Ann got an album of three and pressed the number of the second picture, and Bob looks on. */
async function chosen(context: TestContext) {
  const host = new ListeningHost();
  const telegram = await openTelegram(host);
  context.after(() => telegram.close());
  const { fake, platform } = telegram;
  const chat = fake.world.addChat(-1004503599627002, 'group');
  const [ann, bob] = [new FakeMember(fake), new FakeMember(fake)];
  await ann.say('/portrait smiling', { photos: [PHOTO], chat });
  const file = await plainPng(64, 64);
  const album = plainAlbum('job-1', 3);
  const pictures = album.pictures.map((picture) => ({ ...picture, file: readyFile(Uint8Array.from(file)) }));
  await platform.reply((await host.next()).address).album({ ...album, pictures });
  const labels = () => ann.seen(chat).flatMap((message) => keysOf(message).map(({ text }) => text));
  const choose = async (number: number) => {
    await ann.press(String(number), { chat });
    await fake.until(() => labels().find((label) => label === `Delete ${number}`));
  };
  const photos = () => ann.seen(chat).filter((message) => message.photo).length;
  const documents = (): StoredDocument[] => ann.seen(chat).flatMap(({ document }) => (document ? [document] : []));
  await choose(2);
  return { ...telegram, host, chat, ann, bob, labels, choose, photos, documents, file };
}

test('one picture of an album comes as a file and as an avatar', async (context) => {
  const { fake, chat, ann, documents, file } = await chosen(context);
  await ann.press('2 as file', { chat });
  const sent = await fake.until(() => documents()[0]);
  assert.deepEqual([sent.file_name, sent.file_size], ['portrait-7-2.png', file.length]);
  await ann.press('2 as avatar', { chat });
  const avatar = await fake.until(() => documents()[1]);
  assert.deepEqual([avatar.file_name, avatar.file_size], ['portrait-7-2-avatar.png', (await drawAvatar(file)).length]);
});

test('another number can be chosen, and the chosen one stands out', async (context) => {
  const { labels, choose } = await chosen(context);
  assert.ok(labels().includes('• 2 •'));
  await choose(3);
  assert.deepEqual(
    labels().filter((label) => /^\W*\d\W*$/.test(label)),
    ['1', '2', '• 3 •'],
  );
  assert.ok(!labels().includes('Delete 2'));
});

test('one picture of an album is deleted, its keys with it, and with the last the keys of the album', async (context) => {
  const { fake, chat, ann, labels, choose, photos } = await chosen(context);
  await ann.press('Delete 2', { chat });
  await fake.until(() => (photos() === 2 && !labels().includes('Delete 2') ? true : undefined));
  assert.deepEqual(
    labels().filter((label) => /^\d$/.test(label)),
    ['1', '3'],
  );
  for (const number of [1, 3]) {
    await choose(number);
    await ann.press(`Delete ${number}`, { chat });
    await fake.until(() => (labels().includes(`Delete ${number}`) ? undefined : true));
  }
  await fake.until(() => (ann.seen(chat).length === 0 ? true : undefined));
});

test('nobody else does anything with the pictures of an album', async (context) => {
  const { chat, bob } = await chosen(context);
  for (const label of ['1', 'More like 2', '2 as file', '2 as avatar', 'Delete 2']) {
    assert.match((await bob.press(label, { chat })) ?? '', /^Only the person who asked/);
  }
});

test('files of an album are kept for half an hour: after a restart it is said that they are gone', async (context) => {
  const { fake, platform, chat, ann } = await chosen(context);
  await platform.stop();
  const restarted = await openTelegram(new ListeningHost(), {}, fake);
  context.after(() => restarted.platform.stop());
  assert.match((await ann.press('2 as file', { chat })) ?? '', /kept for 30 minutes and are gone/);
});
