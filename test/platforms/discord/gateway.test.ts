import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { connectBot, type ConnectedBot } from '../../fakes/discord/bot.js';
import { FakeDiscord } from '../../fakes/discord/discord.js';

/** Loses the connection, and waits until the bot is back. */
async function lose({ discord: { gateway } }: ConnectedBot, how: (gateway: FakeDiscord['gateway']) => void) {
  const back = gateway.connected();
  how(gateway);
  await back;
}

/** Whether the bot hears what somebody wants now, once. */
async function assertHears({ discord, host }: ConnectedBot): Promise<void> {
  const asked = discord.user().slash('help');
  assert.equal((await host.next()).key, asked.id);
  assert.equal(host.unread, 0);
}

for (const [what, how] of [
  ['is declared invalid (op 9)', (gateway) => gateway.invalidate(false)],
  ['had a number nobody knows (4007)', (gateway) => gateway.disconnect(4007)],
  ['timed out (4009), so that it cannot be resumed', (gateway) => gateway.disconnect(4009)],
] as const satisfies readonly [string, (gateway: FakeDiscord['gateway']) => void][]) {
  test(`a session that ${what}: the bot identifies anew and goes on`, async (context) => {
    const bot = await connectBot(context);
    await lose(bot, how);
    assert.deepEqual([bot.discord.gateway.identified, bot.discord.gateway.resumed], [2, 0]);
    await assertHears(bot);
    assert.deepEqual(bot.errors.all, []);
  });
}

test('asked to reconnect (op 7) again and again, the bot resumes each time', async (context) => {
  const bot = await connectBot(context);
  for (let time = 0; time < 3; time++) await lose(bot, (gateway) => gateway.askToReconnect());
  assert.deepEqual([bot.discord.gateway.identified, bot.discord.gateway.resumed], [1, 3]);
  await assertHears(bot);
});

test('heartbeats that are not answered: the bot leaves the dead connection and resumes, and nothing is lost', async (context) => {
  const bot = await connectBot(context);
  const { gateway } = bot.discord;
  gateway.heartbeatInterval = 1500;
  await lose(bot, () => gateway.askToReconnect());
  gateway.heartbeatInterval = 60_000;
  await lose(bot, () => gateway.stopAnswering());
  assert.deepEqual([gateway.identified, gateway.resumed], [1, 2]);
  await assertHears(bot);
});

test('the fake closes a connection whose heart does not beat', async (context) => {
  const discord = await FakeDiscord.open();
  context.after(() => discord.close());
  discord.gateway.heartbeatInterval = 20;
  const silent = new WebSocket(discord.gateway.address);
  const [code] = await once(silent, 'close');
  assert.equal(code, 4009);
});
