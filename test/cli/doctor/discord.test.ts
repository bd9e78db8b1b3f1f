import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { commands } from '../../../commands/index.js';
import { translator } from '../../../src/language/texts.js';
import { examineDiscord } from '../../../src/platforms/discord/examination.js';
import { NEEDED_PERMISSIONS } from '../../../src/platforms/discord/permissions.js';
import { connectBot } from '../../fakes/discord/bot.js';
import { FakeDiscord } from '../../fakes/discord/discord.js';
import { examine, linesOf } from './examined.js';

const ALL = NEEDED_PERMISSIONS.bitfield;
const SEND = 1n << 11n;

async function open(context: TestContext): Promise<FakeDiscord> {
  const discord = await FakeDiscord.open();
  context.after(() => discord.close());
  return discord;
}

async function look(discord: FakeDiscord, token = discord.token): Promise<string[]> {
  return linesOf(await examine(['discord'], { DISCORD_TOKEN: token }, discord.endpoints), 'discord');
}

test('a new bot: its name, no intent to be granted, commands to come, and the link that adds it to a server', async (context) => {
  const discord = await open(context);
  const lines = await look(discord);
  assert.deepEqual(
    lines.map((line) => line.split(':')[0]),
    ['ok', 'ok', 'ok', 'ok', 'ok'],
  );
  assert.match(lines[0] ?? '', /likeness/);
  assert.match(lines[1] ?? '', /no privileged intent/);
  assert.match(lines[2] ?? '', /999/);
  assert.match(lines[3] ?? '', /next start registers .*portrait.*Make portraits/);
  assert.match(lines[4] ?? '', new RegExp(`client_id=${discord.world.application}&.*permissions=${ALL}$`));
  assert.equal(discord.rest.invalidAnswers, 0);
  assert.deepEqual(
    discord.rest.requests.filter((request) => !request.startsWith('GET ')),
    [],
    'nothing is changed',
  );
});

test('a bot that ran before, in servers where it may do what it needs', async (context) => {
  const { discord } = await connectBot(context);
  discord.world.operator.servers = [
    { id: '1', name: 'Painters', permissions: `${ALL}` },
    { id: '2', name: 'Owners', permissions: `${1n << 3n}` },
  ];
  const lines = await look(discord);
  assert.ok(lines.includes(`ok: ${commands.length + 1} commands are registered, none is missing`), lines.join('\n'));
  assert.ok(lines.includes('ok: in 2 servers, with every permission it needs'), lines.join('\n'));
});

test('a missing permission names the server, the permission and the way to grant it', async (context) => {
  const discord = await open(context);
  discord.world.operator.servers = [
    { id: '1', name: 'Painters', permissions: `${ALL & ~SEND}` },
    { id: '2', name: 'Writers', permissions: `${ALL}` },
  ];
  const lines = (await look(discord)).filter((line) => line.startsWith('wrong'));
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /Painters the bot lacks SendMessages; .*https:\/\/discord\.com\/oauth2/);
});

test('an address for interactions, and no more connections today, are each wrong with a way out', async (context) => {
  const discord = await open(context);
  discord.world.operator.interactionsUrl = 'https://example.org/interactions';
  discord.world.operator.starts = { remaining: 0, resetAfter: 7_200_000 };
  const lines = (await look(discord)).filter((line) => line.startsWith('wrong'));
  assert.match(lines[0] ?? '', /example\.org.*empty Interactions Endpoint URL/);
  assert.match(lines[1] ?? '', /as often as it may.*wait 2 h/);
});

test('a token Discord does not know, and a Discord that is not there', async (context) => {
  const discord = await open(context);
  const other = discord.token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
  const refused = await look(discord, other);
  assert.equal(refused.length, 1);
  assert.match(refused[0] ?? '', /^wrong: Discord does not accept the token in DISCORD_TOKEN/);
  assert.equal(discord.rest.invalidAnswers, 1);

  const gone = await FakeDiscord.open();
  const { token, endpoints } = gone;
  await gone.close();
  const lines = linesOf(await examine(['discord'], { DISCORD_TOKEN: token }, endpoints), 'discord');
  assert.match(lines.join(), /^wrong: Discord cannot be reached/);
});

test('without a token there is no bot, which is in order', async () => {
  assert.deepEqual(linesOf(await examine(['discord'], {}), 'discord'), ['ok: none, since DISCORD_TOKEN is not set']);
});

test('this machine’s clock is compared with Discord’s, which its tokens go by', async (context) => {
  const { token, endpoints } = await open(context);
  const said = async (minutes: number): Promise<string[]> => {
    const now = (): number => Date.now() + minutes * 60_000;
    const found = await examineDiscord({ token, commands, api: endpoints.api, now });
    return found.filter(({ ok }) => !ok).map(({ key, data }) => translator('en')(key, data));
  };
  assert.deepEqual(await said(0), []);
  assert.match((await said(20)).join(), /is \d+ seconds ahead of Discord’s/);
  assert.match((await said(-3)).join(), /seconds behind Discord’s/);
});
