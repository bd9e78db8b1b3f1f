import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Member } from '../../../src/chat/member.js';
import { type Translate, translator } from '../../../src/language/texts.js';
import { ListeningHost, plainAlbum } from '../../fakes/host.js';
import { FakeMember, keysOf } from '../../fakes/telegram/member.js';
import type { FakeMessage } from '../../fakes/telegram/world.js';
import { openTelegram } from './open.js';

const english = translator('en');
/** A language of capitals. */
const capitals: Translate = Object.assign((...text: Parameters<Translate>): string => english(...text).toUpperCase(), {
  locale: 'en',
  duration: english.duration,
});
const photo = Uint8Array.of(0xff, 0xd8, 0xff);

/** Ann chose another language than her app's; Bob did not. */
async function open(context: TestContext) {
  const asked: { readonly member: Member; readonly tag: string }[] = [];
  const chosen = new Set<string>();
  const host = new ListeningHost();
  const telegram = await openTelegram(host, {
    async textsFor(member, tag) {
      asked.push({ member, tag });
      return chosen.has(member.id) ? capitals : english;
    },
  });
  context.after(() => telegram.close());
  const [ann, bob] = [new FakeMember(telegram.fake), new FakeMember(telegram.fake)];
  chosen.add(String(ann.user.id));
  return { ...telegram, host, asked, ann, bob };
}

const labelsOf = (message: FakeMessage | undefined): string[] =>
  message ? keysOf(message).map(({ text }) => text) : [];

test('buttons are in the language the member chose, which is asked for with that of their app', async (context) => {
  const { host, platform, asked, ann, bob } = await open(context);
  for (const [member, again, cancel, agree] of [
    [ann, 'MORE', 'CANCEL', 'I AGREE'],
    [bob, 'More', 'Cancel', 'I agree'],
  ] as const) {
    await member.say('smiling', { photos: [photo] });
    const { address, locale } = await host.next();
    assert.equal(locale, 'en', 'the host is told what the app says, and knows what was chosen');
    const reply = platform.reply(address);
    await reply.askConsent('Do you agree?');
    assert.deepEqual(labelsOf(member.seen().at(-1)), [agree]);
    await reply.status({ jobId: `job-${again}`, text: 'Painting.', cancellable: true });
    assert.deepEqual(labelsOf(member.seen().at(-1)), [cancel]);
    await reply.album(plainAlbum(`job-${again}`));
    assert.equal(labelsOf(member.seen().at(-1))[0], again);
  }
  assert.deepEqual(asked[0], { member: { platform: 'telegram', id: String(ann.user.id) }, tag: 'en' });
});

test('the question what to make of a photo, every step of it and every refusal follow the language too', async (context) => {
  const { fake, host, ann, bob } = await open(context);
  const seen = (label: string) => fake.until(() => ann.seen().find((message) => labelsOf(message).includes(label)));
  await ann.say('', { photos: [photo] });
  const question = await seen('STYLE: NONE');
  assert.match(question.text ?? '', /^WHAT SHALL I MAKE/);
  assert.match((await bob.press('GO', { chat: ann.chat })) ?? '', /^Only the person/, 'Bob is told in his language');
  await ann.press('STYLE: NONE');
  await seen('neon');
  await ann.press('neon');
  await seen('STYLE: NEON');
  const { reply_to_message: _, ...alone } = question;
  assert.match((await ann.press('GO', { on: alone })) ?? '', /^PHOTOS ARE NOT KEPT/);
  await ann.press('GO');
  assert.deepEqual((await host.next()).options, { style: 'neon' });
  await ann.say('smiling', { photos: [photo], forwarded: bob.user });
  await fake.until(() => ann.seen().find(({ text }) => text?.includes('I MAKE PORTRAITS ONLY')));
});
