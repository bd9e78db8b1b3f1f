import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectBot } from '../../fakes/discord/bot.js';
import type { SeenRequest } from '../../fakes/discord/rest.js';

const UPLOAD = { bytes: Uint8Array.of(0xff, 0xd8, 0xff) };

const isAcknowledgement = ({ path }: SeenRequest): boolean => path.endsWith('/callback');
const acknowledgements = (requests: readonly string[]): number =>
  requests.filter((request) => request.endsWith('/callback')).length;

for (const when of ['before', 'after'] as const) {
  test(`a connection closed ${when} an acknowledgement arrived: it is sent again, and the request is taken`, async (context) => {
    const { discord, host, errors } = await connectBot(context);
    const ann = discord.user();
    const cut = discord.rest.cut(when, isAcknowledgement);
    const interaction = ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
    await cut;
    await host.next();
    assert.ok(interaction.acknowledged);
    assert.deepEqual([acknowledgements(discord.rest.requests), ann.visible().length, errors.all.length], [2, 1, 0]);
  });

  test(`a connection closed ${when} a public acknowledgement arrived: the answer’s id is known`, async (context) => {
    const { discord, host, platform } = await connectBot(context);
    const ann = discord.user();
    const cut = discord.rest.cut(when, isAcknowledgement);
    ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling', public: true });
    await cut;
    const { address } = await host.next();
    const [thinking] = ann.visible();
    assert.equal(thinking?.onlyFor, undefined);
    await platform.reply(address).status({ jobId: 'job-1', text: 'First in line.', cancellable: false });
    assert.deepEqual(
      ann.visible().map(({ id, thinking: open }) => [id, open]),
      [[thinking?.id, false]],
    );
  });
}

test('a connection closed twice in a row is not tried for ever: the failure is reported', async (context) => {
  const { discord, errors } = await connectBot(context);
  const first = discord.rest.cut('before', isAcknowledgement);
  discord.user().slash('help');
  await first;
  await discord.rest.cut('before', isAcknowledgement);
  await errors.heard;
  assert.equal(acknowledgements(discord.rest.requests), 2);
});
