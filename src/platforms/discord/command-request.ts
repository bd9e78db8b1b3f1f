import {
  ApplicationCommandOptionType,
  type BaseInteraction,
  type ChatInputCommandInteraction,
  type Message,
  type MessageContextMenuCommandInteraction,
  type ModalSubmitInteraction,
  PermissionFlagsBits,
} from 'discord.js';
import type { CommandDefinition } from '../../chat/command-definition.js';
import type { ReceivedRequest } from '../../chat/host.js';
import type { Attachment, Invocation, Place, Standing } from '../../chat/invocation.js';
import type { Member } from '../../chat/member.js';
import { parseLine } from '../../chat/parse.js';
import { ASKED_KINDS } from '../../chat/prompt-kinds.js';
import { languageOf } from '../../language/texts.js';
import { addressOf, type BegunInteraction, isShared } from './address.js';
import { type FetchRules, toAttachment } from './attachment.js';
import { PHOTOS_FIELD, WORDS_FIELD } from './forms.js';

/** What a member wants, apart from who and where they are. */
export type CommandRequest = Pick<Invocation, 'command' | 'options' | 'attachments'>;

/** What requests are read by. */
export interface RequestRules {
  readonly commands: readonly CommandDefinition[];
  readonly defaultCommand: CommandDefinition;
  readonly fetchRules: FetchRules;
}

/** The member who caused an interaction. */
export function memberOf({ user }: BaseInteraction): Member {
  return { platform: 'discord', id: user.id };
}

/** What is known of a request by the interaction alone. */
export function toReceived(interaction: BaseInteraction, begun: BegunInteraction): ReceivedRequest {
  const locale = languageOf(interaction.locale);
  return {
    key: interaction.id,
    member: memberOf(interaction),
    ...(locale !== undefined && { locale }),
    address: addressOf(interaction, begun),
  };
}

/** A request as an invocation of whoever caused the interaction. */
export function toInvocation(
  interaction: BaseInteraction,
  request: CommandRequest,
  begun: BegunInteraction,
): Invocation {
  const [place, standing] = [placeOf(interaction), standingOf(interaction)];
  return { ...request, ...toReceived(interaction, begun), place, standing };
}

function placeOf(interaction: BaseInteraction): Place {
  const { channelId, guildId, user } = interaction;
  const kind = isShared(interaction) ? 'group' : 'direct';
  return { kind, id: channelId ?? user.id, ...(guildId !== null && { server: guildId }) };
}

/** Discord says with every interaction which rights and roles its member has in the channel. */
function standingOf({ guildId, member, memberPermissions }: BaseInteraction): Standing {
  const { roles = [] } = member ?? {};
  return {
    roles: Array.isArray(roles) ? roles : [...roles.cache.keys()],
    mayAdminister: async () => guildId !== null && memberPermissions?.has(PermissionFlagsBits.ManageGuild) === true,
  };
}

/** The request of a slash command. */
export function readSlash(interaction: ChatInputCommandInteraction, rules: RequestRules): CommandRequest {
  const options: Record<string, string | number | boolean> = {};
  const attachments: Attachment[] = [];
  const [first] = interaction.options.data;
  const chosen = first?.type === ApplicationCommandOptionType.Subcommand ? first : undefined;
  const action = rules.commands
    .find(({ name }) => name === interaction.commandName)
    ?.options.find(({ type }) => type === 'action');
  if (chosen && action) options[action.name] = chosen.name;
  for (const { name, value, attachment } of chosen ? (chosen.options ?? []) : interaction.options.data) {
    if (attachment) attachments.push(toAttachment(attachment, rules.fetchRules));
    else if (value !== undefined) options[name] = value;
  }
  return { command: interaction.commandName, options, attachments };
}

/** The request of "Make portraits" on a message: its words and its files. */
export function readMenu(interaction: MessageContextMenuCommandInteraction, rules: RequestRules): CommandRequest {
  return readMessage(interaction.targetMessage, interaction.targetMessage.content, rules);
}

/** The request of words that were written to the bot, and of the files with them. */
export function readMessage(
  { attachments }: Pick<Message, 'attachments'>,
  words: string,
  rules: RequestRules,
): CommandRequest {
  const files = [...attachments.values()].map((file) => toAttachment(file, rules.fetchRules));
  return readWords(words, files, rules);
}

/** The request of the form that asks what to make of photos. */
export function readWordsForm(
  { fields }: ModalSubmitInteraction,
  attachments: readonly Attachment[],
  rules: RequestRules,
): CommandRequest {
  const { command, options } = readWords(fields.getTextInputValue(WORDS_FIELD), attachments, rules);
  const chosen: Record<string, string> = {};
  for (const { option: name } of ASKED_KINDS) {
    const [value] = fields.fields.has(name) ? fields.getStringSelectValues(name) : [];
    if (value !== undefined) chosen[name] = value;
  }
  return { command, options: { ...options, ...chosen }, attachments };
}

/** The request of the form that More and Change open. */
export function readAgainForm(interaction: ModalSubmitInteraction, rules: RequestRules): CommandRequest {
  return readWords(interaction.fields.getTextInputValue(WORDS_FIELD), readUploads(interaction, rules), rules);
}

/** The photos of a form. */
export function readUploads({ fields }: ModalSubmitInteraction, { fetchRules }: RequestRules): readonly Attachment[] {
  const files = fields.getUploadedFiles(PHOTOS_FIELD) ?? new Map<string, never>();
  return [...files.values()].map((file) => toAttachment(file, fetchRules));
}

function readWords(words: string, attachments: readonly Attachment[], rules: RequestRules): CommandRequest {
  return { ...parseLine(words, rules.commands, rules.defaultCommand.name), attachments };
}
