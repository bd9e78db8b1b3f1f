import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { plainJpeg } from '../fakes/photos.js';
import { FakeMember, keysOf } from '../fakes/telegram/member.js';
import { FakeTelegram } from '../fakes/telegram/server.js';
import { SPEED } from '../fakes/telegram/timing.js';
import type { FakeMessage } from '../fakes/telegram/world.js';
import { type ProgramSettings } from '../fixtures/program-messages.js';
import { temporaryFolder } from '../temporary-folder.js';
import { type Program, startProgram } from './program.js';

const photo = await plainJpeg();

/** Telegram, a first run of the program, and how to start it anew on what that one left. */
async function begin(context: TestContext, settings: Partial<ProgramSettings> = {}) {
  const fake = await FakeTelegram.start({ speed: SPEED });
  context.after(() => fake.stop());
  const data = temporaryFolder();
  const run = (more: Partial<ProgramSettings> = {}): Promise<Program> =>
    startProgram(context, { data, telegram: { token: fake.token, apiRoot: fake.apiRoot, speed: SPEED }, ...more });
  /** Resolves with the newest message of the bot's that fits. */
  const sees = (member: FakeMember, fits: (message: FakeMessage) => boolean): Promise<FakeMessage> =>
    fake.until(() => member.seen().findLast(fits));
  /** Asks for an album and agrees; the request goes on by itself. */
  const ask = async (member: FakeMember, words: string): Promise<void> => {
    await member.say(words, { photos: [photo] });
    await sees(member, ({ text }) => text?.startsWith('Before the first album') ?? false);
    await member.press('I agree');
  };
  return { fake, first: await run(settings), restart: run, ask, sees };
}

const photosOf = (member: FakeMember): number => member.seen().filter((message) => message.photo).length;
const has =
  (label: string) =>
  (message: FakeMessage): boolean =>
    keysOf(message).some(({ text }) => text === label);
const answersQueue = ({ text }: FakeMessage): boolean =>
  text?.includes('in the queue, the running one included') ?? false;
const isInterrupted = ({ text }: FakeMessage): boolean => text?.includes('interrupted before I could begin') ?? false;
const isInLine = ({ text }: FakeMessage): boolean => text?.includes('ahead of yours') ?? false;
const offersOf = (member: FakeMember): number => member.seen().filter(has('Resend')).length;

/** What must be true of someone whose one album was delivered: question, pictures, buttons, and no status left. */
function assertOneAlbum(member: FakeMember, pictures: number): void {
  assert.equal(photosOf(member), pictures);
  assert.deepEqual([member.seen().filter(has('More')).length, offersOf(member)], [1, 0]);
  // What was answered just before a kill may be told once more.
  const rest = member.seen().filter((message) => !answersQueue(message) && !isInterrupted(message));
  assert.equal(rest.length, 1 + pictures + 1, JSON.stringify(rest));
}

test('killed while one job is running and another is queued: each is delivered, once', async (context) => {
  const { fake, first, restart, ask, sees } = await begin(context, { hold: true });
  const [ann, bob] = [new FakeMember(fake), new FakeMember(fake)];
  await ask(ann, 'smiling seed:7');
  await first.halfWay;
  await ask(bob, 'sad count:2');
  await sees(bob, isInLine);
  // A chat's messages go out one after the other: once this is answered, the status before it is recorded.
  await bob.say('/queue');
  await sees(bob, answersQueue);
  await first.kill();

  const second = await restart();
  await sees(ann, has('More'));
  await sees(bob, has('More'));
  await second.stop();
  assertOneAlbum(ann, 4);
  assert.match(ann.lastAlbum()?.caption ?? '', /Your 4 portraits/);
  assertOneAlbum(bob, 2);
});

for (const [when, title] of [
  ['before', 'killed with an album on its way to Telegram: Resend is offered, and makes the same one'],
  ['after', 'killed between sending an album and recording it: there are never two, and Resend is offered'],
] as const) {
  test(title, async (context) => {
    const { fake, first, restart, ask, sees } = await begin(context);
    const ann = new FakeMember(fake);
    const sending = fake.hold('sendMediaGroup', when);
    await ask(ann, 'smiling seed:7');
    await sending;
    await first.kill();
    const arrived = when === 'after' ? 4 : 0;
    const second = await restart();
    await sees(ann, has('Resend'));
    assert.deepEqual([photosOf(ann), offersOf(ann)], [arrived, 1]);
    await ann.press('Resend');
    await sees(ann, has('More'));
    await second.stop();
    assert.equal(photosOf(ann), arrived + 4);
    assert.match(ann.lastAlbum()?.caption ?? '', /Your 4 portraits/);
  });
}

test('killed between an album and its buttons: the next run adds the buttons and takes the status away', async (context) => {
  const { fake, first, restart, ask, sees } = await begin(context);
  const ann = new FakeMember(fake);
  const removing = fake.hold('deleteMessages', 'before');
  await ask(ann, 'smiling');
  await removing;
  await first.kill();
  assert.deepEqual([photosOf(ann), ann.seen().filter(has('More')).length], [4, 0]);
  const second = await restart();
  await sees(ann, has('More'));
  await second.stop();
  assertOneAlbum(ann, 4);
});

test('told to end while one job is running: it is delivered, what waits is delivered by the next run', async (context) => {
  const { fake, first, restart, ask, sees } = await begin(context, { hold: true });
  const [ann, bob] = [new FakeMember(fake), new FakeMember(fake)];
  await ask(ann, 'smiling');
  await first.halfWay;
  await ask(bob, 'sad');
  await sees(bob, isInLine);
  await first.terminate();
  first.release();
  await first.ended;
  assertOneAlbum(ann, 4);
  assert.equal(photosOf(bob), 0);
  const second = await restart();
  await sees(bob, has('More'));
  await second.stop();
  assertOneAlbum(bob, 4);
});

test('killed while it sends files: they are never sent twice, and Resend sends files', async (context) => {
  const { fake, first, restart, ask, sees } = await begin(context);
  const ann = new FakeMember(fake);
  await ask(ann, 'smiling count:2');
  await sees(ann, has('More'));
  await first.stop();
  // The next run does not know the pictures, so that it makes them once more.
  const second = await restart();
  const sending = fake.hold('sendMediaGroup', 'after');
  await ann.press('As files');
  await sending;
  await second.kill();
  const files = (): number => ann.seen().filter(({ document }) => document !== undefined).length;
  assert.equal(files(), 2);
  const third = await restart();
  await sees(ann, has('Resend'));
  assert.equal(files(), 2);
  await ann.press('Resend');
  await fake.until(() => (ann.seen().filter(has('More')).length === 2 ? true : undefined));
  await third.stop();
  assert.deepEqual([files(), photosOf(ann)], [4, 2]);
});

test('killed while it deletes an album or notes a consent: pressing again does what was meant', async (context) => {
  const { fake, first, restart, ask, sees } = await begin(context);
  const ann = new FakeMember(fake);
  await ask(ann, 'smiling count:2');
  const buttons = await sees(ann, has('More'));
  const deleting = fake.hold('deleteMessages', 'before');
  await ann.press('Delete');
  await deleting;
  const bob = new FakeMember(fake);
  await bob.say('sad', { photos: [photo] });
  const question = await sees(bob, has('I agree'));
  const agreeing = fake.hold('editMessageText', 'before');
  const pressed = bob.press('I agree');
  await agreeing;
  await first.kill();

  const second = await restart();
  await pressed;
  await ann.press('Delete', { on: buttons });
  await fake.until(() => (photosOf(ann) === 0 ? true : undefined));
  if (bob.seen().some(has('I agree'))) await bob.press('I agree', { on: question });
  await sees(bob, ({ text }) => /send your request once more/.test(text ?? ''));
  await bob.say('sad', { photos: [photo] });
  await sees(bob, has('More'));
  await second.stop();
});

test('a press that agreed to an event was acknowledged and not recorded: killed then, the next run tells its member', async (context) => {
  const { fake, first, restart, sees } = await begin(context);
  const group = fake.world.addChat(-1004503599627031, 'group');
  const [moderator, ann, bob] = [new FakeMember(fake), new FakeMember(fake), new FakeMember(fake)];
  group.admins.add(moderator.user.id);
  await moderator.say('/event create title:Ball prompt:masked', { chat: group });
  await fake.until(() => ann.seen(group).find(has('Take part')));
  const invite = async (member: FakeMember): Promise<void> => {
    const link = (await member.press('Take part', { chat: group })) ?? '';
    await member.say(`/start ${new URL(link).searchParams.get('start')}`);
    await sees(member, has('I agree and take part'));
  };
  await ann.say('', { photos: [photo] });
  await sees(ann, ({ text }) => text?.startsWith('What shall I make') ?? false);
  await Promise.all([invite(ann), invite(bob)]);
  // Ann's photo is entered by her press, and Bob is asked for one.
  for (const [member, next] of [
    [ann, 'getFile'],
    [bob, 'editMessageReplyMarkup'],
  ] as const) {
    const reached = [fake.hold('answerCallbackQuery', 'after'), fake.hold(next, 'before')];
    void member.press('I agree and take part');
    await Promise.all(reached);
  }
  await first.kill();

  const second = await restart();
  await Promise.all([sees(ann, isInterrupted), sees(bob, isInterrupted)]);
  await invite(bob);
  await bob.press('I agree and take part');
  await sees(bob, ({ text }) => /Now send me a photo/.test(text ?? ''));
  await bob.say('Bob', { photos: [photo] });
  await sees(bob, ({ text }) => /your entry in the event now/.test(text ?? ''));
  await second.stop();
});
