import { randomBytes } from 'node:crypto';
import { ApiError, demand, invalid } from './api-error.js';
import { objectOf, type ReceivedBody } from './body.js';
import type { FakeCdn } from './cdn.js';
import type { VirtualClock } from './clock.js';
import { checkModal, type ShownModal } from './component-rules.js';
import { asObject, asObjects, asText } from './json.js';
import { applyBody, isEphemeral, nothing, type ShownMessage } from './messages.js';

/** Deadlines for the first answer and for the token. */
const ACKNOWLEDGE_WITHIN = 3000;
const TOKEN_LIFE = 15 * 60_000;

/** Kinds of interactions. */
export const kinds = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

/** Somebody's use of the bot, and what became of it. */
export interface FakeInteraction {
  readonly id: string;
  readonly token: string;
  readonly created: number;
  readonly type: number;
  readonly user: string;
  readonly channel: string;
  /** The message whose button was pressed or whose form was sent. */
  readonly source: string | undefined;
  acknowledged: boolean;
  /** The message that `@original` means. */
  original: string | undefined;
  modal: ShownModal | undefined;
  choices: readonly string[] | undefined;
}

/** Where interactions leave their messages. */
export interface MessageStore {
  readonly messages: Map<string, ShownMessage>;
  readonly bot: string;
  readonly cdn: FakeCdn;
  readonly clock: VirtualClock;
}

/** All interactions, their deadlines and their webhooks. */
export class FakeInteractions {
  readonly #store: MessageStore;
  readonly #byId = new Map<string, FakeInteraction>();

  constructor(store: MessageStore) {
    this.#store = store;
  }

  open(facts: Pick<FakeInteraction, 'type' | 'user' | 'channel' | 'source'>): FakeInteraction {
    const { clock } = this.#store;
    const interaction: FakeInteraction = {
      ...facts,
      id: clock.snowflake(),
      token: randomBytes(24).toString('base64url'),
      created: clock.now(),
      acknowledged: false,
      original: undefined,
      modal: undefined,
      choices: undefined,
    };
    this.#byId.set(interaction.id, interaction);
    return interaction;
  }

  /** The first answer: in time, once, and of a kind that fits. */
  callback(id: string, token: string, body: ReceivedBody): FakeInteraction {
    const interaction = this.#byId.get(id);
    const late = interaction && this.#store.clock.now() - interaction.created > ACKNOWLEDGE_WITHIN;
    if (!interaction || interaction.token !== token || late) throw new ApiError(404, 10_062, 'Unknown interaction');
    if (interaction.acknowledged) throw new ApiError(400, 40_060, 'Interaction has already been acknowledged.');
    this.#answer(interaction, body);
    interaction.acknowledged = true;
    return interaction;
  }

  /** The interaction of a webhook, while its token lives and once it was answered. */
  webhook(token: string): FakeInteraction {
    const found = [...this.#byId.values()].find((interaction) => interaction.token === token);
    if (!found?.acknowledged) throw new ApiError(404, 10_015, 'Unknown Webhook');
    if (this.#store.clock.now() - found.created > TOKEN_LIFE) throw new ApiError(401, 50_027, 'Invalid Webhook Token');
    return found;
  }

  /** A message of an interaction's, by its id or as `@original`. */
  messageOf(interaction: FakeInteraction, id: string): ShownMessage {
    const found = this.#store.messages.get(id === '@original' ? (interaction.original ?? '') : id);
    if (!found) throw new ApiError(404, 10_008, 'Unknown Message');
    return found;
  }

  edit(interaction: FakeInteraction, id: string, body: ReceivedBody): ShownMessage {
    const message = this.messageOf(interaction, id);
    const parts = applyBody(body, { cdn: this.#store.cdn, channel: message.channel }, message);
    return this.#put({ ...message, ...parts, thinking: false });
  }

  /** Another message of an interaction's; while its answer is still to come, that takes its place, seen by whom it was. */
  followUp(interaction: FakeInteraction, body: ReceivedBody): ShownMessage {
    const { original = '' } = interaction;
    if (this.#store.messages.get(original)?.thinking) return this.edit(interaction, original, body);
    return this.#create(interaction, body);
  }

  /** The bot was thrown out: nothing of a place can be answered any more. */
  removeFrom(channel: string): void {
    for (const [id, interaction] of this.#byId) if (interaction.channel === channel) this.#byId.delete(id);
  }

  #create(interaction: FakeInteraction, body: ReceivedBody): ShownMessage {
    const onlyFor = isEphemeral(objectOf(body)) ? interaction.user : undefined;
    const parts = applyBody(body, { cdn: this.#store.cdn, channel: interaction.channel });
    return this.#put({ ...this.#blank(interaction), onlyFor, ...parts });
  }

  #answer(interaction: FakeInteraction, received: ReceivedBody): void {
    const { type, data: given } = objectOf(received);
    const data = asObject(given ?? {}, 'data');
    const onMessage = interaction.source !== undefined;
    switch (type) {
      case 4:
        demand(interaction.type !== kinds.autocomplete, 'completions only');
        interaction.original = this.#create(interaction, { json: data, files: received.files }).id;
        return;
      case 5: {
        demand(interaction.type !== kinds.autocomplete, 'completions only');
        const onlyFor = isEphemeral(data) ? interaction.user : undefined;
        interaction.original = this.#put({ ...this.#blank(interaction), onlyFor, thinking: true }).id;
        return;
      }
      case 6:
        demand(onMessage, 'no message to update');
        interaction.original = interaction.source;
        return;
      case 7:
        demand(onMessage, 'no message to update');
        interaction.original = interaction.source;
        this.edit(interaction, '@original', { json: data, files: received.files });
        return;
      case 8:
        demand(interaction.type === kinds.autocomplete, 'not a completion');
        interaction.choices = checkChoices(data['choices']);
        return;
      case 9:
        demand(interaction.type === kinds.command || interaction.type === kinds.component, 'no form here');
        interaction.modal = checkModal(data);
        return;
      default:
        throw invalid('type');
    }
  }

  #blank({ channel }: FakeInteraction): ShownMessage {
    const { clock, bot } = this.#store;
    return { id: clock.snowflake(), channel, author: bot, onlyFor: undefined, thinking: false, ...nothing };
  }

  #put(message: ShownMessage): ShownMessage {
    this.#store.messages.set(message.id, message);
    return message;
  }
}

function checkChoices(value: unknown): string[] {
  const choices = asObjects(value, 'choices');
  demand(choices.length <= 25, 'at most 25 choices');
  for (const choice of choices) asText(choice['value'], 'choice value', [1, 100]);
  return choices.map(({ name }) => asText(name, 'choice name', [1, 100]));
}
