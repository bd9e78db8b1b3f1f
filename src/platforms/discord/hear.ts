import { ButtonStyle, type Message } from 'discord.js';
import type { Invocation } from '../../chat/invocation.js';
import type { Member } from '../../chat/member.js';
import type { Translate } from '../../language/texts.js';
import { DEFAULT_FILE_LIMIT, type DiscordAddress, readAddress } from './address.js';
import type { LinkCommands } from './command-links.js';
import { type CommandRequest, readMessage } from './command-request.js';
import { button, textMessage } from './messages.js';
import { asksForPicker, pickerMessage } from './picker.js';
import type { PressParts } from './presses.js';
import { isUnreachable } from './sender.js';

export interface HearParts extends PressParts {
  /** Shows the names of commands as what is pressed to use them. */
  readonly linkCommands: LinkCommands;
}

/** Stands where an answer will be. */
const SOON = '…';

/** Takes what a person writes to the bot: in direct messages everything, in servers what names it. */
export async function hear(message: Message, parts: HearParts): Promise<void> {
  if (message.author.bot || message.system) return;
  try {
    await (message.guildId === null ? takeDirect(message, parts) : answerMention(message, parts));
  } catch (error) {
    // The bot may not write there.
    if (!isUnreachable(error)) throw error;
  }
}

/** Answers where it was written: nobody else is there. */
async function takeDirect(message: Message, parts: HearParts): Promise<void> {
  const request = readMessage(message, message.content, parts);
  if (message.content.trim() === '' && request.attachments.length === 0) return;
  const address = addressOf(message, parts);
  const end = await parts.host.begin({ key: message.id, member: memberOf(message), address });
  try {
    if (asksForPicker(request, parts.defaultCommand)) {
      const picker = await picking(message, request, parts);
      return void (await parts.sender.publish(readAddress(address), picker));
    }
    const answer = await parts.sender.publish(readAddress(address), textMessage(SOON));
    parts.pending.set(message.id, message.author.id, request);
    await parts.host.invoke(invocationOf(message, request, { ...address, message: answer }));
  } finally {
    end();
  }
}

/** In a server everyone reads the answer: it says how to ask so that nobody else sees the portraits. */
async function answerMention(message: Message, parts: HearParts): Promise<void> {
  const { client, content, author } = message;
  const named = new RegExp(`<@!?${client.user.id}>`, 'g');
  if (!named.test(content)) return;
  const request = readMessage(message, content.replaceAll(named, '').trim(), parts);
  const t = await textsOf(message, parts);
  const hasPhotos = request.attachments.length > 0;
  const text = parts.linkCommands(t(hasPhotos ? 'discord.mention-photo' : 'discord.mention'));
  const token = parts.buttons.sign({ action: 'choose', subject: message.id }, memberOf(message));
  const make = button(t('discord.make-portraits'), token, ButtonStyle.Primary);
  if (hasPhotos) parts.pending.set(message.id, author.id, request);
  const { body, files } = textMessage(text, hasPhotos ? [make] : []);
  const answers = { message_id: message.id, fail_if_not_exists: false };
  await parts.sender.publish(readAddress(addressOf(message, parts)), {
    body: { ...body, message_reference: answers },
    files,
  });
}

/** Remembers the photos, and asks what to make of them. */
async function picking(message: Message, request: CommandRequest, parts: HearParts) {
  parts.pending.set(message.id, message.author.id, request);
  const member = memberOf(message);
  return pickerMessage(message.id, {
    ...parts,
    t: await textsOf(message, parts),
    sign: (action, subject) => parts.buttons.sign({ action, subject }, member),
  });
}

function memberOf({ author }: Message): Member {
  return { platform: 'discord', id: author.id };
}

/** Messages do not say which language their author's app is in: a server has one, a person may have chosen one. */
function textsOf(message: Message, { textsFor }: HearParts): Promise<Translate> {
  return textsFor(memberOf(message), message.guild?.preferredLocale ?? '');
}

function addressOf({ id, author, channelId, guildId, client }: Message, { received }: HearParts) {
  return {
    application: client.application?.id ?? '',
    interaction: id,
    token: '',
    created: String(received),
    user: author.id,
    channel: channelId,
    guild: guildId ?? '',
    shared: guildId === null ? 'no' : 'yes',
    message: '',
    attach: 'yes',
    limit: String(DEFAULT_FILE_LIMIT),
    locale: '',
  } satisfies Record<keyof DiscordAddress, string>;
}

function invocationOf(message: Message, request: CommandRequest, address: Invocation['address']): Invocation {
  return {
    ...request,
    key: message.id,
    member: memberOf(message),
    place: { kind: 'direct', id: message.channelId },
    standing: { mayAdminister: async () => false },
    address,
  };
}
