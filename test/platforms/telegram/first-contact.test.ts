import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { NO_SAMPLES } from '../../../src/media/samples.js';
import { ListeningHost } from '../../fakes/host.js';
import { FakeMember, keysOf } from '../../fakes/telegram/member.js';
import { openTelegram } from './open.js';

const PHOTO = Uint8Array.of(0xff, 0xd8, 0xff, 1);

/** Samples in which each list has a picture of its own. */
const samples = { ...NO_SAMPLES, sheet: async (kind: string) => new TextEncoder().encode(`sheet of ${kind}`) };

async function open(context: TestContext) {
  const host = new ListeningHost();
  const telegram = await openTelegram(host, { samples });
  context.after(() => telegram.close());
  const { fake } = telegram;
  const ann = new FakeMember(fake);
  /** What the picture of the bot's newest message shows. */
  const picture = (chat = ann.chat): string => {
    const [shown] = ann.seen(chat).findLast(({ photo }) => photo)?.photo ?? [];
    const file = shown && 'file_id' in shown ? fake.world.files.get(String(shown.file_id)) : undefined;
    return new TextDecoder().decode(file?.bytes);
  };
  /** Presses a key as soon as it is there. */
  const press = async (label: string): Promise<void> => {
    await fake.until(() => ann.seen().find((message) => keysOf(message).some(({ text }) => text === label)));
    await ann.press(label);
  };
  return { ...telegram, host, ann, picture, press };
}

test('/start listed ten commands: it is one picture, one sentence and one button', async (context) => {
  const { fake, host, ann, picture } = await open(context);
  await ann.say('/start');
  const greeting = await fake.until(() => ann.seen()[0]);
  assert.match(
    greeting.caption ?? '',
    /^Send me a photo of your face, and I make new portraits of you\.\n\n.*AI-generated$/,
  );
  assert.equal(picture(), 'sheet of styles');
  assert.deepEqual(
    keysOf(greeting).map(({ text }) => text),
    ['See what I can make'],
  );
  await ann.press('See what I can make');
  assert.equal((await host.next()).command, 'styles');
  assert.equal(ann.seen().length, 1);
});

test('a group that adds the bot is greeted, once for each time, by how to ask there', async (context) => {
  const { fake, ann, picture } = await open(context);
  const group = fake.world.addChat(-1004503599627011, 'group');
  await ann.block(group);
  await ann.block(group, false);
  const greeting = await fake.until(() => ann.seen(group)[0]);
  assert.match(greeting.caption ?? '', /^Hello! Send \/portrait@LikenessBot as the caption/);
  assert.equal(picture(group), 'sheet of styles');
  assert.deepEqual(keysOf(greeting), [{ text: 'Message me privately', url: 'https://t.me/LikenessBot?start=hello' }]);
});

test('what to make of a photo is asked under pictures, which follow what is chosen from', async (context) => {
  const { fake, host, ann, picture, press } = await open(context);
  await ann.say('', { photos: [PHOTO] });
  await fake.until(() => ann.seen()[0]);
  assert.equal(picture(), 'sheet of styles');
  const uploads = () => [...fake.world.files.values()].filter(({ name }) => name === 'styles.jpg').length;
  for (const [label, shown] of [
    ['Backdrop: none', 'backdrops'],
    ['snow', 'styles'],
    ['Backdrop: snow', 'backdrops'],
    ['none', 'styles'],
    ['Style: none', 'styles'],
    ['neon', 'styles'],
  ] as const) {
    await press(label);
    await fake.until(() => (picture() === `sheet of ${shown}` ? true : undefined));
  }
  await fake.until(() => ann.seen()[0]?.caption?.includes('Style: neon') || undefined);
  assert.ok(uploads() < 6, 'not at each press');
  await press('Go');
  const { options, attachments } = await host.next();
  assert.deepEqual(options, { style: 'neon' });
  assert.deepEqual(await attachments[0]?.read(), PHOTO);
  await fake.until(() => keysOf(ann.seen()[0] ?? assert.fail()).length === 0 || undefined);
});

test('words in reply to the pictures are about the photo they ask about', async (context) => {
  const { fake, host, ann } = await open(context);
  await ann.say('', { photos: [PHOTO] });
  const question = await fake.until(() => ann.seen()[0]);
  await ann.say('smiling', { answers: question });
  const { options, attachments } = await host.next();
  assert.deepEqual(options, { prompt: 'smiling' });
  assert.deepEqual(await attachments[0]?.read(), PHOTO);
});
