import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ListeningHost, plainAlbum } from '../../fakes/host.js';
import { FakeMember, keysOf } from '../../fakes/telegram/member.js';
import type { FakeChat } from '../../fakes/telegram/world.js';
import { openTelegram } from './open.js';

const photo = (value: number): Uint8Array => Uint8Array.of(0xff, 0xd8, 0xff, value);

async function open(context: TestContext) {
  const host = new ListeningHost();
  const telegram = await openTelegram(host);
  context.after(() => telegram.close());
  const { fake } = telegram;
  const group = fake.world.addChat(-1004503599627001, 'group');
  const [ann, bob] = [new FakeMember(fake), new FakeMember(fake)];
  /** Says something that is certainly parsed, and answers whether anything was parsed before it. */
  const heardNothing = async (): Promise<boolean> => {
    await ann.say('/queue');
    return (await host.next()).command === 'queue';
  };
  /** The question what to make of a photo. */
  const asked = (chat: FakeChat = ann.chat) =>
    fake.until(() => ann.seen(chat).find(({ text }) => text?.startsWith('What shall I make')));
  const nextBytes = async (): Promise<readonly unknown[]> => {
    const { options, attachments } = await host.next();
    return [options['prompt'], ...(await Promise.all(attachments.map((attachment) => attachment.read())))];
  };
  return { ...telegram, host, group, ann, bob, heardNothing, asked, nextBytes };
}

test('words that follow a photo are about it, once; an album stays whole', async (context) => {
  const { fake, host, ann, asked, nextBytes } = await open(context);
  await ann.say('', { photos: [photo(1)] });
  await asked();
  await ann.say('/help');
  assert.equal((await host.next()).attachments.length, 0, 'a command that takes no photo leaves it');
  await ann.say('smiling');
  assert.deepEqual(await nextBytes(), ['smiling', photo(1)]);
  await ann.say('sad');
  assert.deepEqual(await nextBytes(), ['sad']);
  await ann.say('/language');
  await host.next();
  await ann.say('', { photos: [photo(2), photo(3)] });
  await fake.until(() => ann.seen()[1]);
  await ann.say('happy');
  assert.deepEqual(await nextBytes(), ['happy', photo(2), photo(3)]);
});

test('words that came before the photo are about it, once: they were forgotten, and it was asked what to make', async (context) => {
  const { ann, bob, asked, nextBytes } = await open(context);
  await ann.say('smiling, neon');
  assert.deepEqual(await nextBytes(), ['smiling, neon']);
  await bob.say('', { photos: [photo(9)] });
  await ann.say('', { photos: [photo(1), photo(2)] });
  assert.deepEqual(await nextBytes(), ['smiling, neon', photo(1), photo(2)]);
  await ann.say('', { photos: [photo(3)] });
  await asked();
  await ann.say('sad');
  assert.deepEqual(await nextBytes(), ['sad', photo(3)]);
});

test('a file that is no picture, or larger than any, is refused at once: it was asked what to make of it', async (context) => {
  const { fake, ann, heardNothing } = await open(context);
  await ann.say('', { photos: [photo(1)], files: ['taxes.pdf'] });
  await fake.until(() => ann.seen().find(({ text }) => text?.includes('I could not read that file as a picture')));
  await ann.say('', { photos: [new Uint8Array(21 * 1024 * 1024)], files: ['huge.jpg'] });
  await fake.until(() => ann.seen().find(({ text }) => text?.includes('That file is too large')));
  assert.ok(await heardNothing());
});

test('ten photos without words: it was asked what to make of them, and refused once that was chosen', async (context) => {
  const { ann, host, heardNothing } = await open(context);
  const photos = Array.from({ length: 10 }, (_, index) => photo(index));
  await ann.say('smiling', { photos });
  await ann.say('', { photos });
  const [first, second] = [await host.next(), await host.next()];
  assert.deepEqual([first.attachments.length, second.attachments.length], [10, 10], 'the command refuses so many');
  assert.ok(await heardNothing());
  assert.deepEqual(ann.seen(), []);
});

test('a photo that came by an edit, without a word, met silence: it is asked what to make of it, once', async (context) => {
  const { host, ann, asked, nextBytes, heardNothing } = await open(context);
  const [message] = (await ann.say('/language')).messages;
  await host.next();
  assert.ok(message);
  await ann.edit(message, '', photo(1));
  await asked();
  await ann.edit(message, '', photo(2));
  assert.ok(await heardNothing());
  assert.equal(ann.seen().length, 1);
  await ann.say('smiling');
  assert.deepEqual(await nextBytes(), ['smiling', photo(2)], 'the photo that is there now');
});

test('/portrait alone, with a photo or in reply to one, is asked about by buttons', async (context) => {
  const { fake, host, ann, group, asked } = await open(context);
  const { messages } = await ann.say('', { photos: [photo(4)], chat: group });
  await ann.say('/portrait@LikenessBot', { chat: group, answers: messages[0] as never });
  const question = await asked(group);
  assert.equal(question.reply_to_message?.message_id, messages[0]?.message_id);
  for (const label of ['Style: none', 'neon', 'Go']) {
    await fake.until(() => ann.seen(group).find((message) => keysOf(message).some(({ text }) => text === label)));
    await ann.press(label, { chat: group });
  }
  const { options, attachments, place } = await host.next();
  assert.deepEqual([options, place.kind], [{ style: 'neon' }, 'group']);
  assert.deepEqual(await attachments[0]?.read(), photo(4));
});

test('in privacy mode commands, replies to photos and replies to the bot are parsed, in full', async (context) => {
  const { ann, bob, group, asked, heardNothing, nextBytes } = await open(context);
  const { messages } = await ann.say('look at me', { photos: [photo(1)], chat: group });
  const answers = messages[0] as never;
  assert.ok(await heardNothing());
  await ann.say('/portrait@LikenessBot smiling', { chat: group, answers });
  assert.deepEqual(await nextBytes(), ['smiling', photo(1)]);
  await ann.say('/portrait sad', { chat: group, photos: [photo(2)] });
  assert.deepEqual(await nextBytes(), ['sad', photo(2)]);
  await ann.say('/portrait', { chat: group, answers });
  const question = await asked(group);
  await bob.say('nice', { chat: group, answers: question });
  assert.ok(await heardNothing(), 'nobody else’s words are about Ann’s photo');
  await ann.say('happy, neon', { chat: group, answers: question });
  assert.deepEqual(await nextBytes(), ['happy, neon', photo(1)]);
  await ann.say('thank you', { chat: group, answers: question });
  assert.ok(await heardNothing());
});

test('in a topic everything stays in the topic', async (context) => {
  const { fake, host, platform, ann, group } = await open(context);
  const topic = ann.openTopic(group, 'Portraits');
  const { messages } = await ann.say('/portrait@LikenessBot smiling', { chat: group, topic, photos: [photo(1)] });
  const { address } = await host.next();
  const reply = platform.reply(address);
  await reply.acknowledge();
  await reply.status({ jobId: 'job-1', text: 'Painting.', progress: 0.2, cancellable: true });
  await reply.album(plainAlbum('job-1'));
  await ann.press('More', { chat: group });
  const again = await host.next();
  await platform.reply(again.address).askConsent('Do you agree?');
  await platform.reply(again.address).album(plainAlbum('job-2'));
  const seen = ann.seen(group);
  assert.equal(seen.length, 4 + 1 + 1 + 4 + 1);
  assert.ok(seen.every(({ message_thread_id: thread }) => thread === topic));
  assert.ok(seen.every(({ reply_to_message: answered }) => answered?.message_id === messages[0]?.message_id));
  assert.equal(fake.calls.includes('sendChatAction'), true);
});

test('words in a topic are not about the message that opened it', async (context) => {
  const { host, ann, group } = await open(context);
  const topic = ann.openTopic(group, 'Portraits');
  const { messages } = await ann.say('/portrait smiling', { chat: group, topic });
  const { address, attachments } = await host.next();
  assert.deepEqual([address['photo'], attachments.length], [String(messages[0]?.message_id), 0]);
});

test('a request that was refused is mended by editing it; one that was accepted keeps its key', async (context) => {
  const { fake, host, ann, asked, nextBytes } = await open(context);
  const said = await ann.say('smiling style:neom', { photos: [photo(1)] });
  const first = await host.next();
  const [message] = said.messages;
  assert.ok(message);
  await ann.edit(message, 'smiling style:neon');
  const mended = await host.next();
  assert.deepEqual([mended.options['style'], mended.key], ['neon', first.key]);
  assert.deepEqual(await mended.attachments[0]?.read(), photo(1));
  const album = await ann.say('', { photos: [photo(2), photo(3)] });
  await asked();
  const [, second] = album.messages;
  assert.ok(second);
  await ann.edit(second, 'sad');
  assert.deepEqual(await nextBytes(), ['sad', photo(2), photo(3)]);
  fake.world.advance(13 * 60 * 60_000);
  await ann.edit(message, 'happy');
  await ann.say('/help');
  assert.equal((await host.next()).command, 'help', 'what was said long ago is history');
});

test('a forwarded photo is its first sender’s: one’s own is used, nobody else’s', async (context) => {
  const { host, ann, bob, fake } = await open(context);
  await ann.say('smiling', { photos: [photo(1)], forwarded: ann.user });
  assert.equal((await host.next()).attachments.length, 1);
  for (const forwarded of [bob.user, 'hidden'] as const) {
    const before = ann.seen().length;
    await ann.say('smiling', { photos: [photo(2)], forwarded });
    await fake.until(() => ann.seen()[before]);
    assert.match(ann.seen()[before]?.text ?? '', /only from photos that you sent yourself/);
  }
  assert.equal(host.unread, 0);
});

test('photos sent as files are photos, whatever they are called', async (context) => {
  const { ann, nextBytes } = await open(context);
  await ann.say('smiling', { photos: [photo(1)], files: ['IMG 1.jpg'] });
  assert.deepEqual(await nextBytes(), ['smiling', photo(1)]);
  await ann.say('sad', { photos: [photo(1), photo(2)], files: ['../../etc/passwd', 'https://example.org/x.jpg'] });
  assert.deepEqual(await nextBytes(), ['sad', photo(1), photo(2)]);
});

test('whatever path Telegram names, nothing is fetched from outside the bot’s own folder', async (context) => {
  const { fake, host, ann } = await open(context);
  const read = async (path: string): Promise<Uint8Array | undefined> => {
    await ann.say('smiling', { photos: [photo(1)] });
    const { attachments } = await host.next();
    for (const [id, file] of fake.world.files) fake.world.files.set(id, { ...file, path });
    return attachments[0]?.read();
  };
  for (const path of ['../../bot1/x', 'photos/../../../x', '..', '.', ''])
    await assert.rejects(read(path), { code: 'photo-unreachable' }, path);
  for (const path of ['http://127.0.0.1:1/x', '//127.0.0.1:1/x', '..%2f..%2fx', 'a\\..\\..\\b', 'x?y#z'])
    assert.deepEqual(await read(path), photo(1));
  assert.ok(fake.fetched.every((address) => address.startsWith(`/file/bot${fake.token}/`)));
});

test('words with every mark of HTML and Markdown arrive as they were written', async (context) => {
  const { host, platform, ann } = await open(context);
  const prompt = 'a <b>bold</b> & *starred* _under_ [link](https://example.org) `code` ~x~ ||y|| \\. #1 > "q"';
  await ann.say(prompt, { photos: [photo(1)] });
  const { address, options } = await host.next();
  assert.equal(options['prompt'], prompt);
  const album = { ...plainAlbum('job-1'), caption: prompt, options: { prompt, seed: 7 }, notes: ['<i>_*`[note](x)'] };
  await platform.reply(address).album(album);
  await platform.reply(address).refuse('2 < 3 & *so* _on_');
  assert.equal(ann.lastAlbum()?.caption, prompt);
  const [buttons, refusal] = ann.seen().slice(-2);
  assert.equal(buttons?.text, `<i>_*\`[note](x)\n\n/portrait ${prompt} seed:7`);
  assert.equal(refusal?.text, '⚠️ 2 < 3 & *so* _on_');
  await ann.press('More');
  assert.equal((await host.next()).options['prompt'], prompt);
});
