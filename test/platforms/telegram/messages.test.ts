import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ListeningHost } from '../../fakes/host.js';
import { manyStyles, testPresets } from '../../fakes/presets.js';
import { FakeMember } from '../../fakes/telegram/member.js';
import type { FakeChat } from '../../fakes/telegram/world.js';
import { openTelegram } from './open.js';

const photo = (value: number): Uint8Array => Uint8Array.of(0xff, 0xd8, 0xff, value);

async function open(context: TestContext, changes: Parameters<typeof openTelegram>[1] = {}) {
  const host = new ListeningHost();
  const telegram = await openTelegram(host, changes);
  context.after(() => telegram.close());
  const group = telegram.fake.world.addChat(-1004503599627001, 'group');
  const member = () => new FakeMember(telegram.fake);
  return { ...telegram, host, group, ann: member(), bob: member() };
}

/** Says something that is certainly parsed, and answers whether anything was parsed before it. */
async function heardNothing({ host, ann }: { readonly host: ListeningHost; readonly ann: FakeMember }) {
  await ann.say('/queue');
  return (await host.next()).command === 'queue';
}

test('a photo with a caption: the caption is the prompt, ids are text, and the bytes are fetched when read', async (context) => {
  const { host, ann } = await open(context);
  await ann.say('smiling style:neon', { photos: [photo(1)] });
  const { member, place, options, attachments } = await host.next();
  assert.deepEqual(member, { platform: 'telegram', id: String(ann.user.id) });
  assert.deepEqual(place, { kind: 'direct', id: String(ann.user.id) });
  assert.deepEqual(options, { prompt: 'smiling', style: 'neon' });
  assert.deepEqual(await attachments[0]?.read(), photo(1));
});

test('an album of photos, which comes as several updates, is one request with all of them in their order', async (context) => {
  const { host, ann } = await open(context);
  await ann.say('smiling', { photos: [photo(1), photo(2), photo(3)] });
  const { attachments } = await host.next();
  const bytes = await Promise.all(attachments.map((attachment) => attachment.read()));
  assert.deepEqual(bytes, [photo(1), photo(2), photo(3)]);
  assert.ok(await heardNothing({ host, ann }));
});

test('words in reply to one’s photo use that photo, and all of its album', async (context) => {
  const { host, ann } = await open(context);
  const { messages } = await ann.say('', { photos: [photo(1), photo(2)] });
  const [first] = messages;
  assert.ok(first);
  await ann.say('/help');
  assert.equal((await host.next()).command, 'help');
  const single = await ann.say('smiling', { photos: [photo(7)] });
  await host.next();
  await ann.say('sad', { answers: single.messages[0] as never });
  const { options, attachments } = await host.next();
  assert.equal(options['prompt'], 'sad');
  assert.deepEqual(await attachments[0]?.read(), photo(7));
  await ann.say('happy', { answers: first });
  assert.equal((await host.next()).attachments.length, 2);
});

test('a photo without words is asked about by buttons: style, expression, what is added, go', async (context) => {
  const { host, ann, fake } = await open(context);
  await ann.say('', { photos: [photo(5)] });
  const added = ['Accessory: none', 'santa hat', 'Backdrop: none', 'snow', 'Light: none', 'red light'];
  for (const label of ['Style: none', 'neon', 'Expression: none', 'happy', ...added, 'Go']) {
    await fake.until(() => ann.seen().find((message) => JSON.stringify(message.reply_markup ?? '').includes(label)));
    assert.equal(await ann.press(label), undefined);
  }
  const { command, options, attachments } = await host.next();
  assert.equal(command, 'portrait');
  assert.deepEqual(options, {
    style: 'neon',
    expression: 'happy',
    accessory: 'santa hat',
    backdrop: 'snow',
    light: 'red light',
  });
  assert.deepEqual(await attachments[0]?.read(), photo(5));
});

test('the last of 37 styles has a button too, whose data fits', async (context) => {
  const { host, ann, fake } = await open(context, { presets: { ...testPresets, styles: manyStyles(37) } });
  await ann.say('', { photos: [photo(5)] });
  for (const label of ['Style: none', 'style 37', 'Go']) {
    await fake.until(() => ann.seen().find((message) => JSON.stringify(message.reply_markup ?? '').includes(label)));
    assert.equal(await ann.press(label), undefined);
  }
  assert.deepEqual((await host.next()).options, { style: 'style 37' });
});

test('somebody else’s photo is never used', async (context) => {
  const { host, ann, bob, group, fake } = await open(context);
  const { messages } = await bob.say('', { photos: [photo(9)], chat: group });
  await ann.say('/portrait smiling', { chat: group, answers: messages[0] as never });
  await fake.until(() => ann.seen(group)[0]);
  assert.match(ann.seen(group)[0]?.text ?? '', /only from photos that you sent yourself/);
  assert.ok(await heardNothing({ host, ann }));
});

test('in a group only what is addressed to the bot is parsed', async (context) => {
  const { host, ann, bob, group, fake } = await open(context);
  fake.world.hearEverything();
  const elsewhere = async (text: string, chat: FakeChat) => ann.say(text, { photos: [photo(1)], chat });
  for (const text of ['look at me', '', '/portrait@OtherBot smiling', '/roll', '@OtherBot smiling'])
    await elsewhere(text, group);
  assert.ok(await heardNothing({ host, ann: bob }));
  for (const text of [
    '/portrait smiling',
    '/portrait@likenessbot smiling',
    '@LikenessBot smiling',
    'smiling @LikenessBot',
  ]) {
    await elsewhere(text, group);
    const { command, options, place } = await host.next();
    assert.deepEqual(
      [command, options['prompt'], place],
      ['portrait', 'smiling', { kind: 'group', id: String(group.id), server: String(group.id) }],
    );
  }
});

for (const kind of ['sticker', 'dice', 'poll', 'story', 'paid_media', 'checklist', 'game', 'venue'] as const) {
  test(`what people send in place of a photo met silence: ${kind} is answered like words without one`, async (context) => {
    const { host, ann, fake } = await open(context);
    const message = { message_id: 5, from: ann.user, chat: { id: ann.chat.id, type: 'private' }, date: 1, [kind]: {} };
    await fake.updates.add({ message });
    const { command, attachments } = await host.next();
    assert.deepEqual([command, attachments.length], ['portrait', 0]);
  });
}

test('photos that are gone or larger than allowed are refused by their codes', async (context) => {
  const { host, ann, fake } = await open(context);
  await ann.say('smiling', { photos: [new Uint8Array(1_000_001)] });
  await assert.rejects(async () => (await host.next()).attachments[0]?.read(), { code: 'file-too-large' });
  await ann.say('smiling', { photos: [new Uint8Array(21 * 1024 * 1024)] });
  await assert.rejects(async () => (await host.next()).attachments[0]?.read(), { code: 'file-too-large' });
  await ann.say('smiling', { photos: [photo(1)] });
  fake.world.files.clear();
  await assert.rejects(async () => (await host.next()).attachments[0]?.read(), { code: 'photo-unreachable' });
});
