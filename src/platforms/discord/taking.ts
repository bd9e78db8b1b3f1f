import {
  type ChatInputCommandInteraction,
  type MessageComponentInteraction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
} from 'discord.js';
import type { ChatHost } from '../../chat/host.js';
import { asksForEveryone } from '../../chat/options.js';
import { isShared } from './address.js';
import type { Keeping } from './keeping.js';
import { toInvocation, type Wish, type WishRules } from './wishes.js';

export interface TakingParts extends WishRules {
  readonly host: ChatHost;
  /** Wishes of the last minutes, by the interaction they came in: they need not be said again. */
  readonly pending: Keeping<Wish>;
}

type OnMessage = MessageComponentInteraction | ModalSubmitInteraction;
type Answerable = ChatInputCommandInteraction | MessageContextMenuCommandInteraction | OnMessage;

/** Takes a wish: acknowledged first, for the asker alone unless it asks otherwise, then handed to the host. */
export async function takeWish(interaction: Answerable, wish: Wish, parts: TakingParts): Promise<void> {
  if (isOpen(interaction, wish, parts))
    return handOn(interaction, { wish, answer: await openReply(interaction) }, parts);
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  await handOn(interaction, { wish, answer: '' }, parts);
}

/**
 * Acknowledges that the message pressed on will become the answer, unless the wish asks for one that everyone sees; then
 * the id of that is answered.
 */
export async function beginInPlace(
  interaction: OnMessage,
  wish: Wish | undefined,
  parts: TakingParts,
): Promise<string> {
  if (wish && isOpen(interaction, wish, parts)) return openReply(interaction);
  await interaction.deferUpdate();
  return '';
}

/** Remembers a wish a while and tells the host of it. `answer` is the message everyone sees, empty where there is none. */
export async function handOn(
  interaction: Answerable,
  { wish, answer }: { readonly wish: Wish; readonly answer: string },
  { host, pending }: TakingParts,
): Promise<void> {
  pending.keep(interaction.id, interaction.user.id, wish);
  await host.invoke(toInvocation(interaction, wish, answer));
}

function isOpen(interaction: Answerable, { command, options }: Wish, { commands }: TakingParts): boolean {
  const definition = commands.find(({ name }) => name === command);
  return isShared(interaction) && asksForEveryone(definition, options);
}

/** Begins an answer that everyone sees; answers its id. */
async function openReply(interaction: Answerable): Promise<string> {
  const { resource } = await interaction.deferReply({ withResponse: true });
  // Without it where the acknowledgement was sent twice.
  return resource?.message?.id ?? (await interaction.fetchReply()).id;
}
