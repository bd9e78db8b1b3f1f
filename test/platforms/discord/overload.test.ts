import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { connectBot } from '../../fakes/discord/bot.js';

const MEMBERS = 150;
/** Requests that the bot has under way at a time. */
const TOGETHER = 100;
/** The connection of the gateway. */
const GATEWAY = 1;

test('each of many requests at once opened a connection, more than the other side accepts: a hundred are shared', async (context) => {
  const { discord, errors } = await connectBot(context);
  const goOn = discord.rest.stall();
  const interactions = Array.from({ length: MEMBERS }, () => discord.user().slash('help'));
  await discord.until(() => discord.rest.waiting >= TOGETHER || undefined);
  goOn();
  await discord.until(() => interactions.every(({ acknowledged }) => acknowledged) || undefined);
  assert.ok(discord.mostConnections <= TOGETHER + GATEWAY, `${discord.mostConnections} connections`);
  assert.deepEqual(errors.all, []);
});

test('an acknowledgement stood behind statuses that nobody waits for: it goes first', async (context) => {
  const { discord, host, platform } = await connectBot(context);
  discord.user().slash('help');
  const { address } = await host.next();
  const goOn = discord.rest.stall();
  for (let count = 0; count < TOGETHER; count++) discord.user().slash('help');
  await discord.until(() => discord.rest.waiting >= TOGETHER || undefined);
  const shown = platform.reply(address).status({ jobId: 'job-1', text: 'First in line.', cancellable: false });
  discord.user().slash('help');
  while (host.received.length < 1 + TOGETHER + 1) await turn();
  await turn();
  goOn();
  await shown;
  const { requests } = discord.rest;
  const edited = requests.findIndex((request) => request.startsWith('PATCH'));
  const before = requests.slice(0, edited).filter((request) => request.endsWith('/callback'));
  assert.equal(before.length, 1 + TOGETHER + 1);
});
