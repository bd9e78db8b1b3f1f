import { setTimeout as delay } from 'node:timers/promises';
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
import { type CommandRequest, type RequestRules, toInvocation, toReceived } from './command-request.js';
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

/** Milliseconds that an acknowledgement waits for its record, as it may where Redis is away: Discord wants it within 3000. */
const RECORDED_WITHIN = 1000;

/** What an acknowledgement answered, and what ends the record of the request where the host is not told of it. */
interface Acknowledged<Answer> {
  readonly answer: Answer;
  end(): void;
}

/** Takes a request: acknowledged first, for the asker alone unless it asks otherwise, then handed to the host. */
export async function acknowledgeRequest(
  interaction: Answerable,
  request: CommandRequest,
  parts: AcknowledgeParts,
): Promise<void> {
  const open = isOpen(interaction, request, parts);
  const { answer } = await acknowledgeRecorded(interaction, parts, () =>
    open ? openReply(interaction) : openWhisper(interaction),
  );
  await invokeHost(interaction, { request, answer }, parts);
}

/**
 * Acknowledges that the message pressed on will become the answer, unless the request asks for one that everyone sees; then
 * the id of that is answered.
 */
export async function acknowledgeInPlace(
  interaction: OnMessage,
  request: CommandRequest,
  parts: AcknowledgeParts,
): Promise<string> {
  const open = isOpen(interaction, request, parts);
  const { answer } = await acknowledgeRecorded(interaction, parts, async () => {
    if (open) return openReply(interaction);
    await interaction.deferUpdate();
    return '';
  });
  return answer;
}

/** Records a request and then acknowledges it: a program that is killed just then owes its member an answer, and knows it. */
export async function acknowledgeRecorded<Answer>(
  interaction: Answerable,
  { host, received }: Pick<AcknowledgeParts, 'host' | 'received'>,
  acknowledge: () => Promise<Answer>,
): Promise<Acknowledged<Answer>> {
  const recorded = host.begin(toReceived(interaction, { received, answer: '' }));
  const end = (): void => void recorded.then((over) => over());
  await Promise.race([recorded, delay(RECORDED_WITHIN, undefined, { ref: false })]);
  try {
    return { answer: await acknowledge(), end };
  } catch (error) {
    end();
    throw error;
  }
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

/** Begins an answer that the asker alone sees. */
export async function openWhisper(interaction: Answerable): Promise<''> {
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  return '';
}

/** Begins an answer that everyone sees; answers its id. */
async function openReply(interaction: Answerable): Promise<string> {
  const { resource } = await interaction.deferReply({ withResponse: true });
  // Without it where the acknowledgement was sent twice.
  return resource?.message?.id ?? (await interaction.fetchReply()).id;
}
