import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { translator } from '../../../src/language/texts.js';
import { ListeningHost, plainAlbum } from '../../fakes/host.js';
import { plainJpeg } from '../../fakes/photos.js';
import { FakeMember } from '../../fakes/telegram/member.js';
import { openTelegram } from './open.js';

const t = translator('en');
const GROUP = -1001234567890;
const photo = await plainJpeg();

/** Someone who asked for an album in a group, in a topic of it where one is given. */
async function open(context: TestContext, topic?: number) {
  const host = new ListeningHost();
  const telegram = await openTelegram(host);
  context.after(() => telegram.close());
  const group = telegram.fake.world.addChat(GROUP, 'group');
  if (topic !== undefined) group.topics.add(topic);
  const ann = new FakeMember(telegram.fake);
  await ann.say('/portrait@LikenessBot smiling', {
    chat: group,
    photos: [photo],
    ...(topic !== undefined && { topic }),
  });
  const { address } = await host.next();
  const shown = () => [...group.messages.values()].filter(({ from }) => from.id === telegram.fake.world.bot.id);
  return { ...telegram, host, group, ann, shown, reply: telegram.platform.reply(address) };
}

test('a topic that is deleted while the album is made: it comes into the chat without the topic', async (context) => {
  const { group, reply, shown, ann, errors } = await open(context, 5);
  await reply.status({ jobId: 'job-1', text: 'Painting.', cancellable: true });
  group.topics.delete(5);
  await reply.status({ jobId: 'job-1', text: 'Enlarging.', cancellable: true });
  await reply.album(plainAlbum('job-1'));
  assert.equal(shown().filter((message) => message.photo).length, 4);
  assert.equal(ann.seen().length, 0, 'it comes once');
  assert.deepEqual(errors, []);
});

test('a group that forbids photos: the album comes to its member in private, who is told why', async (context) => {
  const { group, reply, shown, ann } = await open(context);
  await reply.status({ jobId: 'job-1', text: 'Painting.', cancellable: true });
  group.forbids = 'photos';
  await reply.album(plainAlbum('job-1'));
  assert.equal(ann.lastAlbum()?.messages.length, 4);
  assert.match(ann.seen().at(-1)?.text ?? '', new RegExp(t('telegram.elsewhere')));
  assert.deepEqual(shown(), [], 'the status is gone');
});

test('a group that forbids photos, of one who never wrote to the bot: they read what can be done', async (context) => {
  const { group, reply, shown, ann, errors } = await open(context);
  group.forbids = 'photos';
  ann.chat.blocked = true;
  await reply.album(plainAlbum('job-1'));
  assert.equal(shown().at(-1)?.text, `⚠️ ${t('errors.place-closed')}`);
  assert.deepEqual(errors, []);
});

test('a group that lets the bot write nothing any more: it is said in private', async (context) => {
  const { group, reply, shown, ann } = await open(context);
  group.forbids = 'everything';
  await reply.acknowledge();
  await reply.status({ jobId: 'job-1', text: 'Painting.', cancellable: true });
  await reply.conclude('job-1', 'No face.');
  assert.deepEqual(shown(), []);
  assert.deepEqual(
    ann.seen().map(({ text }) => text),
    ['No face.'],
  );
});

test('photos forbidden, and the member never wrote to the bot: known before the album is made, and again once they are allowed', async (context) => {
  const { fake, group, reply, ann, platform } = await open(context);
  const files = platform.reply({ chat: String(GROUP), user: String(ann.user.id), files: 'yes' });
  const asked = () => fake.calls.filter((method) => method === 'getChatMember').length;
  group.forbids = 'photos';
  ann.chat.blocked = true;
  assert.deepEqual([await reply.canDeliver(), await files.canDeliver()], [false, false]);
  ann.chat.blocked = false;
  assert.ok(await reply.canDeliver(), 'in private');
  group.forbids = 'nothing';
  ann.chat.blocked = true;
  assert.ok(await reply.canDeliver(), 'what was forbidden is asked again');
  const before = asked();
  assert.ok(await reply.canDeliver());
  assert.equal(asked(), before, 'what was allowed is known for a while');
});

test('photos forbidden to the bot alone, or to everyone but it, who administers the group', async (context) => {
  const { fake, group, reply, ann } = await open(context);
  ann.chat.blocked = true;
  group.restricts = 'photos';
  assert.ok(!(await reply.canDeliver()));
  group.restricts = 'nothing';
  group.forbids = 'everything';
  assert.ok(!(await reply.canDeliver()));
  group.admins.add(fake.world.bot.id);
  assert.ok(await reply.canDeliver());
  await reply.album(plainAlbum('job-1'));
  assert.equal(ann.lastAlbum(group)?.messages.length, 4);
});

test('who hides behind their group or a channel is told that a name is needed, once and only when they ask', async (context) => {
  const { fake, group, shown, host } = await open(context);
  const anonymous = new FakeMember(fake);
  const from = { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };
  const said = (text: string) => {
    const message = fake.world.post(group, from, { text });
    return fake.updates.add({ message: { ...message, sender_chat: { id: GROUP, type: 'supergroup', title: 'Club' } } });
  };
  await said('hello everybody');
  await said('/Help');
  await fake.until(() => (shown().length > 0 ? shown() : undefined));
  assert.deepEqual(
    shown().map(({ text }) => text),
    [`⚠️ ${t('telegram.anonymous')}`],
  );
  await anonymous.say('/Queue', { chat: group });
  assert.equal((await host.next()).command, 'queue');
});
