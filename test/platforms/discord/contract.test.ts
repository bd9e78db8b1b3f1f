import { EventEmitter, once } from 'node:events';
import { commands, defaultCommand } from '../../../commands/index.js';
import { parseLine } from '../../../src/chat/parse.js';
import { colours } from '../../../src/platforms/discord/messages.js';
import { createDiscordPlatform } from '../../../src/platforms/discord/platform.js';
import { type Person, type Seen, testChatPlatform } from '../../contract/platform.js';
import { testBotOptions } from '../../fakes/bot-options.js';
import { FakeDiscord } from '../../fakes/discord/discord.js';
import type { FakeInteraction } from '../../fakes/discord/interactions.js';
import type { ShownMessage } from '../../fakes/discord/messages.js';
import type { DiscordUser } from '../../fakes/discord/user.js';

testChatPlatform('discord', async (host) => {
  const discord = await FakeDiscord.open();
  const platform = createDiscordPlatform({
    ...testBotOptions(),
    ...discord.endpoints,
    token: discord.token,
    now: discord.clock.now,
  });
  const heard = new EventEmitter();
  await platform.start({
    begin: (request) => host.begin(request),
    invoke: (invocation) => host.invoke(invocation),
    cancel: (jobId, member) => host.cancel(jobId, member).then(() => void heard.emit('cancel')),
    consent: (member) => host.consent(member).then(() => void heard.emit('consent')),
    report: (report) => host.report(report),
    gone: (from) => host.gone(from),
    moved: (from, to) => host.moved(from, to),
    event: (visit) => host.event(visit),
    entry: (visit, number) => host.entry(visit, number),
    vote: (visit, number) => host.vote(visit, number),
    queue: (visit) => host.queue(visit),
    watchQueue: (listener) => host.watchQueue(listener),
  });
  return {
    platform,
    person: async () => personAt(discord.user(), heard),
    async shutOut() {
      discord.removeBot();
      return { server: { platform: 'discord', id: discord.guild } };
    },
    async close() {
      await platform.stop();
      await discord.close();
    },
  };
});

/** A line with a slash is typed as a command; another is a message on which "Make portraits" is chosen. */
function personAt(user: DiscordUser, heard: EventEmitter): Person {
  const sent = new Map<string, FakeInteraction>();
  const speak = (line: string, photos: readonly Uint8Array[]): FakeInteraction => {
    const uploads = photos.map((bytes) => ({ bytes }));
    if (!line.startsWith('/')) return user.menu('Make portraits', user.post(line, uploads));
    const { command, options } = parseLine(line, commands, defaultCommand.name);
    const files = Object.fromEntries(uploads.map((upload, at) => [at === 0 ? 'photo' : `photo${at + 1}`, upload]));
    const typed = Object.entries(options).map(([name, value]) => [name, name === 'count' ? Number(value) : value]);
    return user.slash(command, { ...files, ...Object.fromEntries(typed) });
  };
  return {
    async say(line, photos = [], key) {
      const again = key === undefined ? undefined : sent.get(key);
      if (again) user.redeliver(again);
      const interaction = again ?? speak(line, photos);
      sent.set(interaction.id, interaction);
      return interaction.id;
    },
    async cancel() {
      const status = await user.sees(({ buttons }) => buttons.some(({ label }) => label === 'Cancel'));
      const cancelled = once(heard, 'cancel');
      user.press(status, 'Cancel');
      await cancelled;
    },
    async agree() {
      const message = await user.sees(({ buttons }) => buttons.some(({ label }) => label === 'Read and agree'));
      const modal = await user.form(user.press(message, 'Read and agree'));
      const agreed = once(heard, 'consent');
      user.submit(modal, { message });
      await agreed;
    },
    async press(label) {
      user.press(await user.sees(({ buttons }) => buttons.some((button) => button.label === label)), label);
    },
    async more() {
      user.press(await user.lastAlbum(), 'More');
    },
    async like(number) {
      const message = await user.lastAlbum();
      const values = message.menus.flatMap((menu) => menu.values);
      user.choose(message, values.find((value) => value.startsWith(`${number}.`)) ?? '');
      const label = `More like ${number}`;
      user.press(await user.sees(({ buttons }) => buttons.some((button) => button.label === label)), label);
    },
    async change(style, photos) {
      const message = await user.lastAlbum();
      const form = await user.form(user.press(message, 'Change'));
      const uploads = photos.map((bytes) => ({ bytes }));
      user.submit(form, { message, text: `/portrait style:${style}`, uploads });
    },
    async pick(style, photos) {
      speak('/portrait', photos);
      user.choose(await user.sees(({ menus }) => menus.length > 0), style);
    },
    async takeLargest() {
      const label = 'Take the largest face';
      user.press(await user.sees(({ buttons }) => buttons.some((button) => button.label === label)), label);
    },
    sees: async () =>
      user
        .visible()
        .filter(({ author, thinking }) => author !== user.id && !thinking)
        .map(see),
  };
}

/** Words that Discord shows bold. */
const BOLD = /(?<!\\)\*\*(.+?)\*\*/g;

function see(message: ShownMessage): Seen {
  const { content, embeds, files, buttons } = message;
  const [embed] = embeds;
  if (files.length > 0)
    return { kind: buttons.length > 0 ? 'album' : 'text', text: content.split('\n')[0] ?? '', pictures: files.length };
  const bold = [...content.matchAll(BOLD)].map(([, words = '']) => words);
  if (!embed) return { kind: 'text', text: content.replaceAll(BOLD, '$1'), ...(bold.length > 0 && { bold }) };
  const kind = kinds.find((candidate) => colours[candidate] === embed['color']);
  return { kind: kind ?? 'text', text: String(embed['description']).split('\n')[0] ?? '' };
}

const kinds = ['refusal', 'consent', 'status', 'end'] as const;
