import { ButtonStyle, type Guild, PermissionFlagsBits } from 'discord.js';
import { nameIn, type Presets } from '../../chat/presets.js';
import type { Samples } from '../../chat/samples.js';
import { translator } from '../../language/texts.js';
import type { Buttons } from '../buttons.js';
import { DEFAULT_FILE_LIMIT } from './address.js';
import { button, picturesMessage, row, textMessage } from './messages.js';
import { isUnreachable, type Sender } from './sender.js';

/** Styles that the greeting shows. */
const SHOWN = 10;

export interface GreetingParts {
  readonly sender: Sender;
  readonly buttons: Buttons;
  readonly presets: Presets;
  readonly samples: Samples;
}

/** Says hello to a server that added the bot: a picture, two sentences, and a button for everyone who wants to try. */
export async function greet(guild: Guild, { sender, buttons, presets, samples }: GreetingParts): Promise<void> {
  const channel = channelOf(guild);
  if (channel === undefined) return;
  const t = translator(guild.preferredLocale);
  const named = new Map(presets.styles.map((style) => [style.name, nameIn(t.locale, style)]));
  const bytes = await samples.sheet('styles', (name) => named.get(name) ?? name, SHOWN);
  const description = t('commands.styles.samples');
  const text = `${t('discord.welcome')}\n${description}`;
  const { body, files } = bytes
    ? picturesMessage(text, [{ name: 'styles.jpg', type: 'image/jpeg', bytes, description }])
    : textMessage(t('discord.welcome'));
  const token = buttons.signForAll({ action: 'try', owner: '', subject: '' });
  const components = row([button(t('discord.make-portraits'), token, ButtonStyle.Primary)]);
  const place = { application: '', interaction: '', token: '', created: 0, user: '', guild: guild.id, shared: true };
  const address = {
    ...place,
    channel,
    message: '',
    attach: true,
    limit: DEFAULT_FILE_LIMIT,
    locale: guild.preferredLocale,
  };
  await sender.publish(address, { body: { ...body, components }, files }).catch((error: unknown) => {
    if (!isUnreachable(error)) throw error;
  });
}

/** Where the server greets its own, else the first channel for words in which the bot may write. */
function channelOf({ systemChannel, channels, members }: Guild): string | undefined {
  const needed = [PermissionFlagsBits.ViewChannel, PermissionFlagsBits.SendMessages, PermissionFlagsBits.AttachFiles];
  const { me } = members;
  const texts = [...channels.cache.values()].filter((channel) => channel.isTextBased() && !channel.isThread());
  const first = [systemChannel, ...texts].find(
    (channel) => channel !== null && (me === null || channel.permissionsFor(me).has(needed)),
  );
  return first?.id;
}
