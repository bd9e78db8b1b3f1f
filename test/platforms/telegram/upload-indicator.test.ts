import assert from 'node:assert/strict';
import { mock, test, type TestContext } from 'node:test';
import { ListeningHost, plainAlbum } from '../../fakes/host.js';
import { FakeMember } from '../../fakes/telegram/member.js';
import { openTelegram } from './open.js';

/** Ann's job, on a clock that only the test moves. */
async function open(context: TestContext, line = 'smiling') {
  mock.timers.enable({ apis: ['setInterval'] });
  context.after(() => mock.timers.reset());
  const host = new ListeningHost();
  const telegram = await openTelegram(host);
  context.after(() => telegram.close());
  const { fake, platform } = telegram;
  const ann = new FakeMember(fake);
  await ann.say(line, { photos: [Uint8Array.of(0xff, 0xd8, 0xff)] });
  const { address } = await host.next();
  const reply = platform.reply(address);
  const painting = { jobId: 'job-1', text: 'Painting.', progress: 0.4, cancellable: true };
  const { actions } = fake.told;
  const acted = (count: number) => fake.until(() => (actions.length >= count ? actions : undefined));
  return { ...telegram, ann, address, reply, painting, actions, acted };
}

test('while an album is made its member sees that pictures are on their way; that ends with it', async (context) => {
  const { fake, reply, painting, actions, acted, ann } = await open(context);
  await reply.acknowledge();
  assert.deepEqual(actions, [{ chat: ann.chat.id, action: 'typing' }]);
  await reply.status({ ...painting, progress: undefined as never, text: 'In line.' });
  assert.equal(actions.length, 1, 'not while the job waits');
  await reply.status(painting);
  await acted(2);
  for (let count = 3; count < 6; count++) {
    mock.timers.tick(5000);
    await acted(count);
  }
  assert.ok(actions.slice(1).every(({ action }) => action === 'upload_photo'));
  await reply.album(plainAlbum('job-1'));
  mock.timers.tick(60_000);
  await reply.say('Done.');
  assert.equal(actions.length, 5);
  assert.equal(fake.calls.filter((method) => method === 'sendChatAction').length, 5);
});

for (const end of ['conclude', 'stop'] as const) {
  test(`the sign ends when the job is told to be over, and when the bot stops (${end})`, async (context) => {
    const { fake, platform, reply, painting, actions, acted } = await open(context);
    await reply.status(painting);
    await acted(1);
    await (end === 'stop' ? platform.stop() : reply.conclude('job-1', 'Cancelled.'));
    mock.timers.tick(60_000);
    await fetch(`${fake.apiRoot}/anything`);
    assert.equal(actions.length, 1);
  });
}

test('a job that says nothing any more is somebody else’s, and no sign is given for it', async (context) => {
  const { reply, painting, actions, acted } = await open(context);
  await reply.status(painting);
  for (let count = 1; count <= 24; count++) {
    await acted(count);
    mock.timers.tick(5000);
  }
  mock.timers.tick(600_000);
  await reply.say('Still here.');
  assert.equal(actions.length, 24);
});

test('a sign that Telegram does not take is not sent again, and holds nothing up', async (context) => {
  const { fake, reply, ann, waits } = await open(context);
  for (let count = 0; count < 31; count++) await reply.acknowledge();
  await reply.say('Here I am.');
  assert.equal(ann.seen().at(-1)?.text, 'Here I am.');
  assert.equal(fake.told.actions.length, 30);
  assert.equal(fake.calls.filter((method) => method === 'sendChatAction').length, 31);
  assert.ok(waits.length <= 1, 'the message may have to wait, the sign does not');
});
