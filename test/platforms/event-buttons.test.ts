import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { EventButtons } from '../../src/chat/reply.js';
import { connectBot } from '../fakes/discord/bot.js';
import { ListeningHost } from '../fakes/host.js';
import { FakeMember, keysOf } from '../fakes/telegram/member.js';
import { openTelegram } from './telegram/open.js';

const PHOTO = Uint8Array.of(0xff, 0xd8, 0xff, 1);
const BALL = { id: 'ball', title: 'Masked *ball*', lines: [], open: true, entries: [], part: 'none' } as const;

const event: EventButtons = {
  join: { label: 'Take part', line: '/event join', agreed: '/event join agree' },
  vote: { label: 'Vote', line: '/event sheet', highest: 3 },
};
const report = { label: 'Report an entry', highest: 3, line: '/event report number:' };

test('on Discord taking part needed a typed command and two agreements: one press and one form do it', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  host.shown = BALL;
  const [ann, bob] = [discord.user(), discord.user()];
  ann.slash('event status');
  await platform.post((await host.next()).address, { text: 'An event.', event, report });
  const post = await bob.sees(({ content }) => content === 'An event.');
  assert.deepEqual(
    post.buttons.map(({ label }) => label),
    ['Take part', 'Vote', 'Report an entry'],
  );
  const form = await bob.form(bob.press(post, 'Take part'));
  assert.match(form.text, /To take part in “Masked \\\*ball\\\*”[^]*30 minutes at most/);
  const sent = { message: post, uploads: [{ bytes: PHOTO }] };
  bob.submit(form, { ...sent, text: 'Bob' });
  const { command, options, member, attachments } = await host.next();
  assert.deepEqual([command, options, member.id], ['event', { do: 'join', agree: 'yes', name: 'Bob' }, bob.id]);
  assert.deepEqual(await attachments[0]?.read(), PHOTO);
  assert.deepEqual(host.agreed, [member]);
});

test('on Discord Vote shows the entries to the presser alone, each with a button; without an event it says so', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const [ann, bob] = [discord.user(), discord.user()];
  ann.slash('event status');
  await platform.post((await host.next()).address, { text: 'An event.', event });
  const post = await bob.sees(({ content }) => content === 'An event.');
  bob.press(post, 'Take part');
  await bob.sees(({ content, onlyFor }) => content === 'There is no event.' && onlyFor === bob.id);
  bob.press(post, 'Vote');
  const { address, options } = await host.next();
  assert.deepEqual(options, { do: 'sheet' });
  const sheet = { name: 'entries-1.jpg', type: 'image/jpeg', bytes: PHOTO, description: 'Entries' } as const;
  const buttons = Array.from({ length: 25 }, (_, index) => ({
    label: `Vote for ${index + 1}`,
    line: `/event vote number:${index + 1}`,
  }));
  await platform.reply(address).show('The entries.', [sheet], buttons);
  const shown = await bob.sees(({ files }) => files.length === 1);
  assert.equal(shown.onlyFor, bob.id);
  bob.press(shown, 'Vote for 25');
  assert.deepEqual((await host.next()).options, { do: 'vote', number: '25' });
});

test('on Telegram a vote is two presses on the post, and its answer is for the presser alone', async (context) => {
  const host = new ListeningHost();
  const { fake, platform, close } = await openTelegram(host);
  context.after(close);
  const group = fake.world.addChat(-1004503599627021, 'group');
  const ann = new FakeMember(fake);
  await ann.say('/event@LikenessBot status', { chat: group });
  await platform.post((await host.next()).address, { text: 'An event.', event, report });
  const labels = (): readonly string[] => keysOf(ann.seen(group)[0] ?? assert.fail()).map(({ text }) => text);
  assert.deepEqual(labels(), ['Take part', 'Vote', 'Report an entry']);
  await ann.press('Vote', { chat: group });
  await fake.until(() => labels().includes('3') || undefined);
  assert.equal(await ann.press('3', { chat: group }), 'The vote is counted.');
  const voter = { platform: 'telegram', id: String(ann.user.id) };
  assert.deepEqual(host.votes, [{ voter, server: { platform: 'telegram', id: String(group.id) }, number: 3 }]);
  await ann.press('◀', { chat: group });
  await fake.until(() => labels().includes('Take part') || undefined);
});

/** A group on Telegram in which an event is open, and somebody who sees its post. */
async function atTelegram(context: TestContext) {
  const host = new ListeningHost();
  const telegram = await openTelegram(host);
  context.after(telegram.close);
  const { fake, platform } = telegram;
  const group = fake.world.addChat(-1004503599627021, 'group');
  const [ann, bob] = [new FakeMember(fake), new FakeMember(fake)];
  await ann.say('/event@LikenessBot status', { chat: group });
  await platform.post((await host.next()).address, { text: 'An event.', event });
  host.shown = BALL;
  const hears = (words: RegExp, member = bob) =>
    fake.until(() => member.seen().find(({ text = '' }) => words.test(text)));
  /** Presses Take part, follows the link and agrees. */
  const agree = async (): Promise<void> => {
    const link = (await bob.press('Take part', { chat: group })) ?? '';
    await bob.say(`/start ${new URL(link).searchParams.get('start')}`);
    await hears(/To take part in “Masked[^]*30 minutes at most/);
    await bob.press('I agree and take part');
  };
  return { ...telegram, host, group, ann, bob, hears, agree };
}

test('on Telegram taking part needed a typed command: a press leads to one’s own chat, where a photo is enough', async (context) => {
  const { host, group, bob, hears, agree } = await atTelegram(context);
  await agree();
  await hears(/Now send me a photo/);
  await bob.say('Bob', { photos: [PHOTO] });
  const { command, options, place, member, address, attachments } = await host.next();
  assert.deepEqual([command, options], ['event', { do: 'join', agree: 'yes', name: 'Bob' }]);
  assert.deepEqual(place, { kind: 'group', id: String(group.id), server: String(group.id) });
  assert.equal(address['chat'], String(bob.chat.id), 'the answer is for Bob alone');
  assert.deepEqual(host.agreed, [member]);
  assert.deepEqual(await attachments[0]?.read(), PHOTO);
  assert.equal(bob.seen(group).length, 1, 'nothing of it is said in the group');
  await bob.say('smiling', { photos: [PHOTO] });
  assert.deepEqual((await host.next()).options, { prompt: 'smiling' }, 'the next photo is for an album again');
});

test('on Telegram a photo that was sent before is entered by the press that agrees', async (context) => {
  const { host, bob, hears, agree } = await atTelegram(context);
  await bob.say('', { photos: [PHOTO] });
  await hears(/What shall I make/);
  await agree();
  const { options, attachments } = await host.next();
  assert.deepEqual(options, { do: 'join', agree: 'yes' });
  assert.deepEqual(await attachments[0]?.read(), PHOTO);
});

test('on Telegram an invitation is for who pressed, and of no use once the event is over', async (context) => {
  const { host, group, ann, bob, hears } = await atTelegram(context);
  const link = new URL((await ann.press('Take part', { chat: group })) ?? '');
  await bob.say(`/start ${link.searchParams.get('start')}`);
  await hears(/^Send me a photo of your face/);
  host.shown = undefined;
  assert.equal(await bob.press('Take part', { chat: group }), 'There is no event.');
  await ann.say(`/start ${link.searchParams.get('start')}`);
  await hears(/There is no event/, ann);
});
