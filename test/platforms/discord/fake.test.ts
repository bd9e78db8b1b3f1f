import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { DiscordAPIError, REST, Routes } from 'discord.js';
import { commands, defaultCommand } from '../../../commands/index.js';
import { LikenessError } from '../../../src/errors.js';
import { testPresets } from '../../fakes/presets.js';
import { translator } from '../../../src/language/texts.js';
import { renderDefinitions } from '../../../src/platforms/discord/definitions.js';
import { createDiscordPlatform } from '../../../src/platforms/discord/platform.js';
import { testBotOptions } from '../../fakes/bot-options.js';
import { connectBot } from '../../fakes/discord/bot.js';
import { FakeDiscord } from '../../fakes/discord/discord.js';
import { kinds } from '../../fakes/discord/interactions.js';

const MEBIBYTE = 2 ** 20;
const definitions = renderDefinitions(commands, { main: translator('en'), others: [] }, testPresets);

/** The fake alone, discord.js's own REST client, and an interaction nobody has answered yet. */
async function open(context: TestContext) {
  const discord = await FakeDiscord.open();
  context.after(() => discord.close());
  const rest = new REST({ api: discord.endpoints.api, retries: 0 }).setToken(discord.token);
  const user = discord.user();
  const { interactions, application } = discord.world;
  const use = () =>
    interactions.open({ type: kinds.command, user: user.id, channel: user.channel.id, source: undefined });
  const answer = ({ id, token }: ReturnType<typeof use>, body: object = { type: 5 }) =>
    rest.post(Routes.interactionCallback(id, token), { body, auth: false });
  const edit = ({ token }: ReturnType<typeof use>, body: object, files: { name: string; data: Buffer }[] = []) =>
    rest.patch(Routes.webhookMessage(application, token, '@original'), { body, files, auth: false });
  return { discord, rest, user, use, answer, edit };
}

const refuses = (code: number) => (error: unknown) => error instanceof DiscordAPIError && error.code === code;

test('the fake wants one acknowledgement, within three seconds, and edits within fifteen minutes', async (context) => {
  const { discord, use, answer, edit } = await open(context);
  const late = use();
  discord.clock.advance(3001);
  await assert.rejects(answer(late), refuses(10_062));
  const inTime = use();
  await assert.rejects(edit(inTime, { content: 'too early' }), refuses(10_015));
  await answer(inTime);
  await assert.rejects(answer(inTime), refuses(40_060));
  await edit(inTime, { content: 'in time' });
  discord.clock.advance(15 * 60_000 + 1);
  await assert.rejects(edit(inTime, { content: 'too late' }), refuses(50_027));
});

test('the fake wants messages, files and buttons of the allowed sizes', async (context) => {
  const { use, answer, edit } = await open(context);
  const interaction = use();
  await answer(interaction);
  const file = (size: number) => ({ name: 'a.png', data: Buffer.alloc(size, 1) });
  const button = (id: string) => ({ type: 1, components: [{ type: 2, style: 1, label: 'Go', custom_id: id }] });
  await assert.rejects(edit(interaction, {}), refuses(50_006));
  await assert.rejects(edit(interaction, { content: 'x'.repeat(2001) }), refuses(50_035));
  await assert.rejects(edit(interaction, { content: 'x', components: [button('x'.repeat(101))] }), refuses(50_035));
  await assert.rejects(edit(interaction, { content: 'x', components: [button('a'), button('a')] }), refuses(50_035));
  await assert.rejects(edit(interaction, { attachments: [{ id: 3 }] }, [file(1)]), refuses(50_035));
  const eleven = Array.from({ length: 11 }, () => file(1));
  await assert.rejects(edit(interaction, {}, eleven), refuses(50_035));
  await assert.rejects(edit(interaction, {}, [file(10 * MEBIBYTE + 1)]), refuses(40_005));
  const three = Array.from({ length: 3 }, () => file(9 * MEBIBYTE));
  await assert.rejects(edit(interaction, {}, three), refuses(40_005));
  await edit(interaction, { content: 'x'.repeat(2000), components: [button('x'.repeat(100))] }, [file(1)]);
});

test('the fake wants well-formed commands', async (context) => {
  const { discord, rest } = await open(context);
  const register = (body: object) => rest.put(Routes.applicationCommands(discord.world.application), { body });
  const command = (changes: object) => [{ name: 'portrait', description: 'x', ...changes }];
  const option = (changes: object) => command({ options: [{ type: 3, name: 'style', description: 'x', ...changes }] });
  const wrong: readonly object[] = [
    command({ name: 'Portrait' }),
    command({ name: 'two words' }),
    command({ description: 'x'.repeat(101) }),
    command({ description: '' }),
    command({ description_localizations: { xx: 'x' } }),
    command({ description_localizations: { de: 'x'.repeat(101) } }),
    command({ contexts: [3] }),
    [...command({}), ...command({})],
    option({ max_length: 6001 }),
    option({ min_value: 1 }),
    option({ autocomplete: true, choices: [{ name: 'a', value: 'a' }] }),
    option({ choices: Array.from({ length: 26 }, () => ({ name: 'a', value: 'a' })) }),
    command({
      options: [
        { type: 3, name: 'a', description: 'x' },
        { type: 3, name: 'b', description: 'x', required: true },
      ],
    }),
  ];
  for (const body of wrong) await assert.rejects(register(body), refuses(50_035), JSON.stringify(body));
  await register(definitions);
});

test('definitions carry every language under the names Discord has for it, and leave out one it has not', () => {
  const spoken = (locale: string) => Object.assign((key: string) => `${locale} ${key}`, { locale, duration: String });
  const others = [spoken('es'), spoken('pl'), spoken('ar')];
  const [first] = renderDefinitions([defaultCommand], { main: translator('en'), others }, testPresets);
  assert.ok(first && 'description_localizations' in first);
  assert.deepEqual(first.description_localizations, {
    'es-ES': 'es commands.portrait.description',
    'es-419': 'es commands.portrait.description',
    pl: 'pl commands.portrait.description',
  });
});

test('options that the model has no choices for were offered and then refused, and commands of moderators shown to all', () => {
  const texts = { main: translator('en'), others: [] };
  const rendered = renderDefinitions(commands, texts, { ...testPresets, accessories: [], lights: [] });
  const portrait = rendered.find(({ name }) => name === 'portrait');
  const names = (portrait && 'options' in portrait ? (portrait.options ?? []) : []).map(({ name }) => name);
  assert.deepEqual(
    ['accessory', 'backdrop', 'light'].filter((name) => names.includes(name)),
    ['backdrop'],
  );
  const restricted = rendered.filter((command) => command.default_member_permissions === '32');
  assert.deepEqual(
    restricted.map(({ name }) => name),
    ['settings', 'moderate'],
  );
});

test('the fake knows who may speak where, and sends a message with the same nonce once', async (context) => {
  const { discord, rest, user } = await open(context);
  const path = Routes.channelMessages(discord.channel.id);
  const say = () => rest.post(path, { body: { content: 'x', nonce: 'n', enforce_nonce: true } });
  assert.deepEqual(await say(), await say());
  assert.equal(user.visible().length, 1);
  discord.channel.maySend = false;
  await assert.rejects(say(), refuses(50_013));
  discord.channel.mayView = false;
  await assert.rejects(say(), refuses(50_001));
  await assert.rejects(rest.setToken('x').post(path, { body: { content: 'x' } }), /Unauthorized/);
  assert.equal(discord.rest.invalidAnswers, 3);
});

test('links of the fake expire and cannot be made up', async (context) => {
  const { discord, user } = await open(context);
  const { url } = user.upload({ bytes: Uint8Array.of(1) });
  assert.equal((await fetch(url)).status, 200);
  assert.equal((await fetch(url.replace(/ex=[0-9a-f]+/, 'ex=ffffffff'))).status, 404);
  discord.clock.advance(25 * 60 * 60_000);
  assert.equal((await fetch(url)).status, 404);
});

test('a token that Discord does not accept is told in a sentence', async (context) => {
  const { discord } = await open(context);
  const platform = createDiscordPlatform({
    ...testBotOptions(),
    ...discord.endpoints,
    token: 'wrong',
  });
  const { host } = await connectBot(context);
  await assert.rejects(
    platform.start(host),
    (error: unknown) => error instanceof LikenessError && error.code === 'chat-token-refused',
  );
});
