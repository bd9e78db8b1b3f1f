import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { ListeningHost, plainAlbum } from '../../fakes/host.js';
import { FakeMember } from '../../fakes/telegram/member.js';
import { openTelegram } from './open.js';

async function open(context: TestContext) {
  const host = new ListeningHost();
  const telegram = await openTelegram(host);
  context.after(() => telegram.close());
  const ann = new FakeMember(telegram.fake);
  await ann.say('/portrait smiling https://example.org/me.jpg', { photos: [Uint8Array.of(0xff, 0xd8, 0xff)] });
  const invocation = await host.next();
  return { ...telegram, host, ann, invocation, reply: telegram.platform.reply(invocation.address) };
}

test('a message that cannot be sent is an error of the caller’s; nothing is swallowed', async (context) => {
  const { fake, reply } = await open(context);
  fake.cutOff('sendMessage', 'before');
  await assert.rejects(reply.say('Hello?'), { name: 'TelegramFailure', method: 'sendMessage', code: undefined });
  await assert.rejects(reply.say(''), { code: 400, description: 'Bad Request: message text is empty' });
});

test('a failing event of a member’s is reported, and the next one is taken', async (context) => {
  const { fake, host, ann, platform, invocation, errors } = await open(context);
  await platform.reply(invocation.address).askConsent('Do you agree?');
  fake.cutOff('answerCallbackQuery', 'before');
  host.consent = async () => Promise.reject(new Error('no room left'));
  void ann.press('I agree');
  await fake.until(() => (errors.length > 0 ? errors : undefined));
  await ann.say('/help');
  assert.equal((await host.next()).command, 'help');
});

test('an address in a member’s words is never fetched, nor shown as a page', async (context) => {
  const { fake, invocation, reply, ann } = await open(context);
  assert.equal(invocation.options['prompt'], 'smiling https://example.org/me.jpg');
  assert.equal(invocation.attachments.length, 1);
  await reply.album({ ...plainAlbum('job-1'), options: { prompt: 'https://example.org/me.jpg' } });
  assert.deepEqual(fake.fetched, []);
  assert.equal(ann.lastAlbum()?.messages.length, 4);
  assert.ok(fake.world.previews === 0);
});

test('no error holds the token, the link of a file or what a member wrote', async (context) => {
  const { fake, reply, invocation } = await open(context);
  const failures: unknown[] = [];
  fake.cutOff('sendMessage', 'before');
  await reply.say('a secret').catch((error: unknown) => failures.push(error));
  fake.world.files.clear();
  await invocation.attachments[0]?.read().catch((error: unknown) => failures.push(error));
  fake.cutOff('getFile', 'before');
  await invocation.attachments[0]?.read().catch((error: unknown) => failures.push(error));
  assert.equal(failures.length, 3);
  for (const failure of failures) {
    const shown = inspect(failure, { depth: 9, showHidden: true });
    assert.doesNotMatch(shown, /AAfake|\/file\/|a secret/);
  }
});

test('albums that Telegram asks to wait for arrive whole and once each', async (context) => {
  const { reply, ann, waits } = await open(context);
  const jobs = ['job-1', 'job-2', 'job-3'];
  await Promise.all(jobs.map((job) => reply.album(plainAlbum(job, 10))));
  assert.equal(ann.seen().filter(({ photo }) => photo !== undefined).length, 30);
  assert.equal(ann.seen().filter(({ text }) => text?.includes('/portrait')).length, 3);
  assert.ok(waits.length > 0);
});

test('a press is answered at once, whatever it causes', async (context) => {
  const { fake, host, reply, ann } = await open(context);
  await reply.album(plainAlbum('job-1'));
  host.invoke = () => new Promise(() => undefined);
  host.cancel = () => new Promise(() => undefined);
  assert.equal(await ann.press('More'), undefined);
  await reply.status({ jobId: 'job-2', text: 'Painting.', cancellable: true });
  assert.equal(await ann.press('Cancel'), undefined);
  assert.equal(fake.told.presses.size, 0);
});
