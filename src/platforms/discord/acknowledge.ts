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
import { toInvocation, type CommandRequest, type RequestRules } from './command-request.js';
import type { ExpiringMap } from '../expiring-map.js';

export interface AcknowledgeParts extends RequestRules {
  readonly host: ChatHost;
  /** When the interaction came, by this machine's clock. */
  readonly received: number;
  /** Requests of the last minutes, by the interaction they came in: they need not be said again. */
  readonly pending: ExpiringMap<CommandRequest>;
}

type OnMessage = MessageComponentInteraction | ModalSubmitInteraction;
type Answerable = ChatInputCommandInteraction | MessageContextMenuCommandInteraction | OnMessage;

/** Takes a request: acknowledged first, for the asker alone unless it asks otherwise, then handed to the host. */
export async function acknowledgeRequest(
  interaction: Answerable,
  request: CommandRequest,
  parts: AcknowledgeParts,
): Promise<void> {
  if (isOpen(interaction, request, parts))
    return invokeHost(interaction, { request, answer: await openReply(interaction) }, parts);
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  await invokeHost(interaction, { request, answer: '' }, parts);
}

/**
 * Acknowledges that the message pressed on will become the answer, unless the request asks for one that everyone sees; then
 * the id of that is answered.
 */
export async function acknowledgeInPlace(
  interaction: OnMessage,
  request: CommandRequest | undefined,
  parts: AcknowledgeParts,
): Promise<string> {
  if (request && isOpen(interaction, request, parts)) return openReply(interaction);
  await interaction.deferUpdate();
  return '';
}

/** Remembers a request a while and tells the host of it. `answer` is the message everyone sees, empty where there is none. */
export async function invokeHost(
  interaction: Answerable,
  { request, answer }: { readonly request: CommandRequest; readonly answer: string },
  { host, pending, received }: AcknowledgeParts,
): Promise<void> {
  pending.set(interaction.id, interaction.user.id, request);
  await host.invoke(toInvocation(interaction, request, { received, answer }));
}

function isOpen(
  interaction: Answerable,
  { command, options }: CommandRequest,
  { commands }: AcknowledgeParts,
): boolean {
  const definition = commands.find(({ name }) => name === command);
  return isShared(interaction) && asksForEveryone(definition, options);
}

/** Begins an answer that everyone sees; answers its id. */
async function openReply(interaction: Answerable): Promise<string> {
  const { resource } = await interaction.deferReply({ withResponse: true });
  // Without it where the acknowledgement was sent twice.
  return resource?.message?.id ?? (await interaction.fetchReply()).id;
}
