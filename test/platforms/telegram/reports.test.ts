import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { readNumberKey } from '../../../src/platforms/telegram/numbers.js';
import { ListeningHost, plainAlbum } from '../../fakes/host.js';
import { FakeMember, keysOf } from '../../fakes/telegram/member.js';
import { openTelegram } from './open.js';

const PHOTO = Uint8Array.of(0xff, 0xd8, 0xff, 1);

async function inGroup(context: TestContext) {
  const host = new ListeningHost();
  const telegram = await openTelegram(host);
  context.after(() => telegram.close());
  const { fake } = telegram;
  const group = fake.world.addChat(-1004503599627002, 'group');
  return { ...telegram, host, group, ann: new FakeMember(fake), bob: new FakeMember(fake) };
}

test('others in a group can report an album; the moderators are shown its very pictures', async (context) => {
  const { host, platform, group, ann, bob } = await inGroup(context);
  await ann.say('/portrait smiling', { photos: [PHOTO], chat: group });
  const { address } = await host.next();
  await platform.reply(address).album(plainAlbum('job-1', 10));
  assert.equal(await bob.press('Report', { chat: group }), 'The moderators were told.');
  const [report] = host.reports;
  assert.ok(report && typeof report.what === 'object');
  assert.deepEqual([report.reporter.id, report.server], [String(bob.user.id), String(group.id)]);
  assert.equal(report.what.owner, String(ann.user.id));
  const before = ann.lastAlbum(group)?.messages ?? [];
  await platform.post(address, { text: 'Reported.', ...(await report.what.show()) });
  const after = ann.lastAlbum(group)?.messages ?? [];
  assert.notEqual(after[0]?.message_id, before[0]?.message_id);
  assert.deepEqual(
    after.map(({ photo }) => photo),
    before.map(({ photo }) => photo),
  );
});

test('an album that was deleted meanwhile is reported without pictures', async (context) => {
  const { host, platform, group, bob } = await inGroup(context);
  await bob.say('/help', { chat: group });
  const { address } = await host.next();
  const copies = { chat: String(group.id), messages: ['998', '999'] };
  assert.ok(await platform.post(address, { text: 'Reported.', copies }));
});

test('in a private chat there is nobody to report to', async (context) => {
  const { host, platform, ann } = await inGroup(context);
  await ann.say('/portrait smiling', { photos: [PHOTO] });
  await platform.reply((await host.next()).address).album(plainAlbum('job-1'));
  await assert.rejects(ann.press('Report'), /no button/);
});

test('the post of an event offers the numbers of its entries, in pages, and goes back', async (context) => {
  const { host, platform, group, ann, bob } = await inGroup(context);
  await ann.say('/event', { chat: group });
  const { address } = await host.next();
  const report = { label: 'Report an entry', highest: 43, line: '/event report number:' };
  await platform.post(address, { text: 'An event.', title: 'Ball', report });
  const press = (label: string) => bob.press(label, { chat: group });
  assert.equal(await press('Report an entry'), undefined);
  assert.equal(keysOf(bob.seen(group).at(-1) ?? assert.fail('no post')).length, 42);
  await press('▶');
  assert.equal(await press('43'), 'The moderators were told.');
  assert.deepEqual(
    host.reports.map(({ what }) => what),
    [43],
  );
  await press('◀');
  await press('◀');
  await press('Report an entry');
  assert.equal(bob.seen(group).at(-1)?.text, 'An event.');
});

test('a key of a number means that number, any other a page', () => {
  assert.equal(readNumberKey('n7'), 7);
  assert.deepEqual(readNumberKey('43.2'), { highest: 43, page: 2 });
});
