import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ListeningHost, plainAlbum } from '../../fakes/host.js';
import { FakeMember, keysOf } from '../../fakes/telegram/member.js';
import { openTelegram } from './open.js';

const PHOTO = Uint8Array.of(0xff, 0xd8, 0xff, 1);

/** A group in which Ann got an album, and Bob looks on. */
async function withAlbum(context: TestContext, count = 4) {
  const host = new ListeningHost();
  const telegram = await openTelegram(host);
  context.after(() => telegram.close());
  const { fake, platform } = telegram;
  const group = fake.world.addChat(-1004503599627002, 'group');
  const [ann, bob] = [new FakeMember(fake), new FakeMember(fake)];
  const said = await ann.say('/portrait smiling style:neon', { photos: [PHOTO], chat: group });
  const invocation = await host.next();
  const options = { prompt: 'smiling', style: 'neon', count, strength: 80, seed: 7 };
  await platform.reply(invocation.address).album({ ...plainAlbum('job-1', count), options });
  return { ...telegram, host, group, ann, bob, said, invocation, options };
}

test('nobody but the owner can press a button, and who tries is told so', async (context) => {
  const { host, group, bob } = await withAlbum(context);
  for (const label of ['More', 'Change', 'As files', 'Delete']) {
    assert.match((await bob.press(label, { chat: group })) ?? '', /^Only the person who asked/);
  }
  assert.equal(host.unread, 0);
  assert.equal(bob.lastAlbum(group)?.messages.length, 4);
});

test('More: the options and the photo are in the chat itself, and each press is its own request', async (context) => {
  const { host, group, ann, invocation, options } = await withAlbum(context);
  const keys = new Set([invocation.key]);
  const { seed: _, ...unseeded } = options;
  for (let press = 0; press < 3; press++) {
    await ann.press('More', { chat: group });
    const again = await host.next();
    keys.add(again.key);
    const given = Object.fromEntries(Object.entries(unseeded).map(([name, value]) => [name, String(value)]));
    assert.deepEqual(again.options, given);
    assert.deepEqual(again.member, invocation.member);
    assert.deepEqual(await again.attachments[0]?.read(), PHOTO);
  }
  assert.equal(keys.size, 4);
});

test('Change asks once more what to make of the photo that is in the chat', async (context) => {
  const { fake, host, group, ann } = await withAlbum(context);
  await ann.press('Change', { chat: group });
  await fake.until(() => ann.seen(group).find(({ text }) => text?.startsWith('What shall I make of this?')));
  await ann.press('Go', { chat: group });
  assert.deepEqual(await (await host.next()).attachments[0]?.read(), PHOTO);
});

test('buttons work after a restart that forgot everything', async (context) => {
  const { fake, platform, group, ann } = await withAlbum(context);
  await platform.stop();
  const host = new ListeningHost();
  const restarted = await openTelegram(host, {}, fake);
  context.after(() => restarted.platform.stop());
  await ann.press('More', { chat: group });
  assert.equal((await host.next()).options['style'], 'neon');
});

test('a press that came while the bot was away is too old to answer, and still counts', async (context) => {
  const { host, fake, group, ann } = await withAlbum(context);
  const buttons = ann.seen(group).at(-1);
  const data = keysOf(buttons ?? assert.fail('no buttons'))[0]?.callback_data;
  await fake.updates.add({
    callback_query: { id: 'stale', from: ann.user, message: buttons, chat_instance: '1', data },
  });
  assert.equal((await host.next()).options['style'], 'neon');
});

test('As files made the whole album anew: while it is known it is sent at once, as PNG files', async (context) => {
  const { host, fake, group, ann } = await withAlbum(context);
  await ann.press('As files', { chat: group });
  const sent = await fake.until(
    () => ann.lastAlbum(group)?.messages.filter(({ document }) => document)[3] && ann.lastAlbum(group),
  );
  assert.ok(sent.messages.every(({ document }) => JSON.stringify(document).includes('.png')));
  assert.equal(host.unread, 0);
});

test('As files after a restart: the same album, as PNG files', async (context) => {
  const { fake, platform: stopped, group, ann } = await withAlbum(context);
  await stopped.stop();
  const host = new ListeningHost();
  const { platform } = await openTelegram(host, {}, fake);
  context.after(() => platform.stop());
  await ann.press('As files', { chat: group });
  const { address } = await host.next();
  await platform.reply(address).album(plainAlbum('job-2'));
  const names = ann.lastAlbum(group)?.messages.map(({ document }) => JSON.stringify(document));
  assert.equal(names?.length, 4);
  assert.ok(names.every((name) => name.includes('.png')));
});

for (const count of [1, 10]) {
  test(`Delete takes an album of ${count} away, buttons and all`, async (context) => {
    const { fake, group, ann } = await withAlbum(context, count);
    await ann.press('Delete', { chat: group });
    while (ann.seen(group).length > 0) await fetch(`${fake.apiRoot}/anything`);
    assert.equal(ann.lastAlbum(group), undefined);
  });
}

test('More without the photo says that it is gone', async (context) => {
  const { host, group, ann } = await withAlbum(context);
  const buttons = ann.seen(group).at(-1);
  assert.ok(buttons);
  const { reply_to_message: _, ...alone } = buttons;
  assert.match((await ann.press('More', { chat: group, on: alone })) ?? '', /no longer in this chat/);
  assert.equal(host.unread, 0);
});

test('after consent the request is sent again, photos and all, and the button is gone', async (context) => {
  const { host, platform, group, ann, bob, fake } = await withAlbum(context);
  fake.world.hearEverything();
  await ann.say('/portrait sad', { photos: [PHOTO, PHOTO], chat: group });
  const first = await host.next();
  await platform.reply(first.address).askConsent('Do you agree?');
  assert.match((await bob.press('I agree', { chat: group })) ?? '', /^Only the person/);
  await ann.press('I agree', { chat: group });
  const again = await host.next();
  assert.deepEqual(host.agreed, [first.member]);
  assert.deepEqual([again.key, again.options, again.attachments.length], [first.key, first.options, 2]);
  await fetch(`${fake.apiRoot}/anything`);
  await assert.rejects(ann.press('I agree', { chat: group }), /no button/);
});

test('presses that ask for something were confirmed before they were recorded: a killed program never answered them', async (context) => {
  const { fake, host, group, ann } = await withAlbum(context);
  while (fake.updates.unconfirmed > 0) await fetch(`${fake.apiRoot}/anything`);
  let record = (): void => undefined;
  const begun = new Promise<string>((resolve) => {
    host.begin = async ({ key }) => {
      resolve(key);
      await new Promise<void>((recorded) => (record = recorded));
      return () => undefined;
    };
  });
  const pressed = ann.press('More', { chat: group });
  const key = await begun;
  assert.equal(fake.updates.unconfirmed, 1);
  assert.equal(host.unread, 0);
  record();
  await pressed;
  assert.equal((await host.next()).key, key);
});
