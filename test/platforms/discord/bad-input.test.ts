import { pino } from 'pino';
import { composeChat } from '../../../src/compose/chat.js';
import { translator } from '../../../src/language/texts.js';
import {
  type Petitioner,
  type ProgramParts,
  type ProgramUnderTest,
  testBadInput,
  testBotMishaps,
} from '../../contract/bad-input.js';
import { FakeDiscord } from '../../fakes/discord/discord.js';
import { textOf } from '../../fakes/discord/messages.js';
import type { DiscordUser } from '../../fakes/discord/user.js';
import { testPresets } from '../../fakes/presets.js';

const TWO_DAYS = 2 * 24 * 60 * 60_000;

const open = async ({ engine, limits, now }: ProgramParts): Promise<ProgramUnderTest> => {
  const discord = await FakeDiscord.open(Date.now());
  const config = { host: '127.0.0.1', port: 0, limits, discord: { token: discord.token, ...discord.endpoints } };
  const chat = composeChat({ config, engine, presets: testPresets, log: pino({ level: 'silent' }), now });
  await chat.start();
  const users = new Map<Petitioner, DiscordUser>();
  let age = 0;
  return {
    async petitioner() {
      // The first is in the server; who comes later writes to the bot itself.
      const user = discord.user(users.size === 0 ? 'guild' : 'direct');
      const petitioner = petitionerAt(discord, user, () => age);
      users.set(petitioner, user);
      return petitioner;
    },
    longestLine: 4000,
    silence: {
      answer: translator('en')('discord.choose'),
      send: async (petitioner, photo) => void users.get(petitioner)?.slash('portrait', { photo: { bytes: photo } }),
    },
    expireLinks: () => void (age = TWO_DAYS),
    vanish: async () => discord.removeBot(),
    async stop() {
      await chat.stop();
      await discord.close();
    },
  };
};

testBadInput('discord', open);
testBotMishaps('discord', open);

/** Writes to the bot, or chooses “Make portraits” on messages of their own in a server, of that age. */
function petitionerAt(discord: FakeDiscord, user: DiscordUser, age: () => number): Petitioner {
  const { bot } = discord.world;
  const visible = () => user.visible().filter(({ author, thinking }) => author === bot && !thinking);
  const albums = () => visible().filter(({ files }) => files.length > 0);
  return {
    async say(line, files = []) {
      const message = user.post(
        line,
        files.map((bytes) => ({ bytes })),
      );
      discord.clock.advance(age());
      if (user.channel.guild !== undefined) user.menu('Make portraits', message);
    },
    async agree() {
      const message = await user.sees(({ buttons }) => buttons.some(({ label }) => label === 'Read and agree'));
      user.submit(await user.form(user.press(message, 'Read and agree')), { message });
    },
    reads: (text) => user.sees((message) => textOf(message).includes(text)),
    texts: async () => visible().map(textOf),
    async album(number) {
      await discord.until(() => albums().at(number - 1));
      return albums().at(-1)?.files.length ?? 0;
    },
  };
}
