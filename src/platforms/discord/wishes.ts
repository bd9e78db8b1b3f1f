import type {
  BaseInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
} from 'discord.js';
import { parseLine } from '../../../commands/parse.js';
import type { Command } from '../../../commands/command.js';
import { translator } from '../../texts.js';
import type { Attachment, Invocation, Member } from '../platform.js';
import { addressOf, isShared } from './address.js';
import { type FetchRules, toAttachment } from './attachment.js';
import { PHOTOS_FIELD, WORDS_FIELD } from './forms.js';

/** What a member wants, apart from who and where they are. */
export type Wish = Pick<Invocation, 'command' | 'options' | 'attachments'>;

export interface WishRules {
  readonly commands: readonly Command[];
  readonly defaultCommand: Command;
  readonly fetchRules: FetchRules;
}

/** The member who caused an interaction. */
export function memberOf({ user }: BaseInteraction): Member {
  return { platform: 'discord', id: user.id };
}

/** A wish as an invocation of whoever caused the interaction. */
export function toInvocation(interaction: BaseInteraction, wish: Wish): Invocation {
  const { id, channelId, user, locale } = interaction;
  return {
    ...wish,
    key: id,
    member: memberOf(interaction),
    place: { kind: isShared(interaction) ? 'group' : 'direct', id: channelId ?? user.id },
    locale: translator(locale).locale,
    address: addressOf(interaction),
  };
}

/** The wish of a slash command. */
export function readSlash(interaction: ChatInputCommandInteraction, { fetchRules }: WishRules): Wish {
  const options: Record<string, string | number | boolean> = {};
  const attachments: Attachment[] = [];
  for (const { name, value, attachment } of interaction.options.data) {
    if (attachment) attachments.push(toAttachment(attachment, fetchRules));
    else if (value !== undefined) options[name] = value;
  }
  return { command: interaction.commandName, options, attachments };
}

/** The wish of "Make portraits" on a message: its words and its pictures. */
export function readMenu(interaction: MessageContextMenuCommandInteraction, rules: WishRules): Wish {
  const { content, attachments } = interaction.targetMessage;
  const files = [...attachments.values()].map((file) => toAttachment(file, rules.fetchRules));
  return readWords(content, files, rules);
}

/** The wish of the form that Again and New seed open. */
export function readAgainForm(interaction: ModalSubmitInteraction, rules: WishRules): Wish {
  const words = interaction.fields.getTextInputValue(WORDS_FIELD);
  const files = interaction.fields.getUploadedFiles(PHOTOS_FIELD) ?? new Map<string, never>();
  const attachments = [...files.values()].map((file) => toAttachment(file, rules.fetchRules));
  return readWords(words, attachments, rules);
}

function readWords(words: string, attachments: readonly Attachment[], rules: WishRules): Wish {
  return { ...parseLine(words, rules.commands, rules.defaultCommand.name), attachments };
}
