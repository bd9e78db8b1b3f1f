import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectBot } from '../../fakes/discord/bot.js';
import { plainAlbum } from '../../fakes/host.js';

const UPLOAD = { bytes: Uint8Array.of(1, 2, 3) };

for (const [way, options] of [
  ['published', {}],
  ['public from the start', { public: true }],
] as const) {
  test(`everyone but its owner can report an album that is ${way}, also after a restart`, async (context) => {
    const { discord, platform, host, restart } = await connectBot(context);
    const [ann, bob] = [discord.user(), discord.user()];
    ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling', ...options });
    await platform.reply((await host.next()).address).album(plainAlbum('job-1', 2));
    if (way === 'published') {
      const own = await ann.lastAlbum();
      assert.ok(
        own.buttons.every(({ label }) => label !== 'Report'),
        'nobody else sees this one',
      );
      ann.press(own, 'Publish');
    }
    const shown = await bob.lastAlbum();
    await restart();
    bob.press(shown, 'Report');
    const told = await bob.sees(({ content }) => content === 'The moderators were told.');
    assert.equal(told.onlyFor, bob.id);
    const [report] = host.reports;
    assert.ok(report && typeof report.what === 'object');
    assert.deepEqual([report.reporter.id, report.server], [bob.id, discord.guild]);
    const { id, owner, named, show } = report.what;
    assert.deepEqual([id, owner, named], [shown.id, ann.id, `<@${ann.id}>`]);
    const { pictures = [] } = await show();
    assert.deepEqual(
      pictures.map(({ bytes }) => [...bytes]),
      [
        [0xff, 0xd8, 0],
        [0xff, 0xd8, 1],
      ],
    );
  });
}

test('the post of an event asks which entry is reported', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const [ann, bob] = [discord.user(), discord.user()];
  ann.slash('event status');
  const { address } = await host.next();
  const report = { label: 'Report an entry', highest: 3, line: '/event report number:' };
  await platform.post(address, { text: 'An event.', title: 'Ball', report });
  for (const [text, what] of [
    ['3', 3],
    ['three', 0],
  ] as const) {
    const post = await bob.sees(({ content }) => content === 'An event.');
    bob.submit(await bob.form(bob.press(post, 'Report an entry')), { message: post, text });
    await bob.sees(({ content }) => content === 'The moderators were told.');
    await discord.until(() => host.reports.find((heard) => heard.what === what));
  }
  assert.equal(ann.visible().filter(({ content }) => content === 'The moderators were told.').length, 0);
});
