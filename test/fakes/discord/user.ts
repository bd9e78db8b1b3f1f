import type { FakeCdn } from './cdn.js';
import { permissionsIn } from './channels.js';
import type { VirtualClock } from './clock.js';
import { fieldTypes, type ShownField, type ShownModal } from './component-rules.js';
import type { FakeGateway } from './gateway.js';
import { type FakeInteraction, kinds } from './interactions.js';
import type { Json } from './json.js';
import { nothing, type ShownMessage } from './messages.js';
import { describe, type FakeChannel, type RestWorld } from './world.js';

/** A file of the person's own. */
export interface Upload {
  readonly bytes: Uint8Array;
  readonly filename?: string;
  readonly type?: string;
}

/** What a person may do and is in the server: a bit set, and the ids of roles. */
export interface Rank {
  readonly permissions?: string;
  readonly roles?: readonly string[];
}

export interface UserFacts {
  readonly id: string;
  readonly channel: FakeChannel;
  readonly locale: string;
  readonly rank: Rank;
}

/** What a person fills into a form, which they may have opened on a message. */
export interface FilledIn {
  readonly message?: ShownMessage;
  readonly text?: string;
  readonly uploads?: readonly Upload[];
  /** What is chosen, by field. */
  readonly chosen?: Readonly<Record<string, string>>;
}

/** What a person fills into a command: words, numbers, switches, or files. */
export type SlashValues = Readonly<Record<string, string | number | boolean | Upload>>;

interface RegisteredOption extends Json {
  readonly name: string;
  readonly type: number;
  readonly required?: boolean;
  readonly autocomplete?: boolean;
}

/** The parts of the Discord that a person is on. */
interface Surroundings {
  readonly clock: VirtualClock;
  readonly cdn: FakeCdn;
  readonly world: RestWorld;
  readonly gateway: FakeGateway;
  /** Id of the server. */
  readonly guild: string;
  /** Resolves with what `look` finds, as soon as it finds something. */
  until<Found>(look: () => Found | undefined): Promise<Found>;
}

/** A person with a Discord client, which lets them do only what Discord's own does. */
export class DiscordUser {
  readonly id: string;
  readonly channel: FakeChannel;
  readonly #discord: Surroundings;
  readonly #locale: string;
  readonly #rank: Rank;
  readonly #sent = new Map<string, Json>();

  constructor(discord: Surroundings, { id, channel, locale, rank }: UserFacts) {
    this.#discord = discord;
    this.id = id;
    this.channel = channel;
    this.#locale = locale;
    this.#rank = rank;
  }

  /** Uses a command, or a subcommand after its name; answers the interaction's id. */
  slash(line: string, values: SlashValues = {}): FakeInteraction {
    const [name = '', part] = line.split(' ');
    const command = this.#command(name, 1);
    const listed = command['options'] as readonly RegisteredOption[];
    const chosen = listed.find((option) => option.type === 1 && option.name === part);
    if (part !== undefined && !chosen) throw new Error(`/${name} has no ${part}`);
    const options = chosen ? (chosen['options'] as readonly RegisteredOption[]) : listed;
    for (const option of options) {
      if (option.required && values[option.name] === undefined) throw new Error(`/${name} needs ${option.name}`);
    }
    const attachments: Record<string, unknown> = {};
    const given = Object.entries(values).map(([key, value]) => {
      const option = options.find((candidate) => candidate.name === key);
      if (!option) throw new Error(`/${name} has no ${key}`);
      if (typeof value !== 'object') return { name: key, type: option.type, value };
      const file = this.upload(value);
      attachments[file.id] = { ...file, ephemeral: true };
      return { name: key, type: option.type, value: file.id };
    });
    const filled = chosen ? [{ name: chosen.name, type: 1, options: given }] : given;
    const data = { id: this.#discord.guild, name, type: 1, options: filled, resolved: { attachments } };
    return this.#interact(kinds.command, data);
  }

  /** Types into an option that completes; answers what is offered. */
  async complete(name: string, option: string, typed: string): Promise<readonly string[]> {
    const options = this.#command(name, 1)['options'] as readonly RegisteredOption[];
    const found = options.find((candidate) => candidate.name === option);
    if (!found?.autocomplete) throw new Error(`${option} does not complete`);
    const focused = { name: option, type: found.type, value: typed, focused: true };
    const data = { id: this.#discord.guild, name, type: 1, options: [focused] };
    const interaction = this.#interact(kinds.autocomplete, data);
    return this.#discord.until(() => interaction.choices);
  }

  /** Writes a message in the channel; of those in a server the bot reads only what names it. */
  post(content: string, uploads: readonly Upload[] = []): ShownMessage {
    const { clock, world, guild, gateway } = this.#discord;
    const files = uploads.map((upload) => this.upload(upload));
    const place = { id: clock.snowflake(), channel: this.channel.id, author: this.id };
    const message = { ...place, onlyFor: undefined, thinking: false, ...nothing, content, files };
    world.messages.set(message.id, message);
    const named = content.includes(`<@${world.bot}>`);
    const mentions = named ? [{ id: world.bot, username: 'likeness', discriminator: '0', avatar: null }] : [];
    const where = this.channel.guild === undefined ? { channel_type: 1 } : { channel_type: 0, guild_id: guild };
    const told = { ...describe(world, message), mentions, ...where };
    this.#sent.set(message.id, told);
    gateway.tellMessage(told, { named });
    return message;
  }

  /** Chooses from a menu under a message that this person sees. */
  choose(message: ShownMessage, value: string): FakeInteraction {
    const menu = message.menus.find(({ values }) => values.includes(value));
    if (!menu) throw new Error(`${value} cannot be chosen`);
    const data = { component_type: 3, custom_id: menu.customId, id: 1, values: [value] };
    return this.#interact(kinds.component, data, message);
  }

  /** Chooses an entry of a message's menu. */
  menu(name: string, message: ShownMessage): FakeInteraction {
    this.#command(name, 3);
    const messages = { [message.id]: describe(this.#discord.world, message) };
    const data = { id: this.#discord.guild, name, type: 3, target_id: message.id, resolved: { messages } };
    return this.#interact(kinds.command, data);
  }

  /** Presses a button of a message that this person sees. */
  press(message: ShownMessage, label: string): FakeInteraction {
    if (!this.visible().some(({ id }) => id === message.id)) throw new Error('that message is not to be seen');
    const button = message.buttons.find((candidate) => candidate.label === label);
    if (!button) throw new Error(`no button ${label} among ${message.buttons.map((shown) => shown.label).join(', ')}`);
    return this.#interact(kinds.component, { component_type: 2, custom_id: button.customId, id: 1 }, message);
  }

  /** Chooses “Make portraits” on a message and, under the pictures that come, to describe what is wanted: the form that opens. */
  async describe(message: ShownMessage, label = 'Describe it'): Promise<ShownModal> {
    const { id } = this.menu('Make portraits', message);
    const picker = await this.#discord.until(() =>
      this.visible().findLast(({ menus, id: shown }) => menus.length > 0 && BigInt(shown) > BigInt(id)),
    );
    return this.form(this.press(picker, label));
  }

  /** Waits for the form that an interaction opens. */
  form(interaction: FakeInteraction): Promise<ShownModal> {
    return this.#discord.until(() => interaction.modal);
  }

  /** Sends a form: texts as given or as they stood, files for the upload field, every box ticked, some things chosen. */
  submit(modal: ShownModal, { message, text, uploads = [], chosen = {} }: FilledIn): FakeInteraction {
    const files = uploads.map((upload) => this.upload(upload));
    const valuesOf = ({ type, customId, value, values }: ShownField): readonly string[] => {
      if (type === fieldTypes.upload) return files.map(({ id }) => id);
      const choice = chosen[customId];
      if (choice !== undefined && !values.includes(choice)) throw new Error(`${choice} cannot be chosen`);
      return [choice ?? value].filter((given) => given !== '');
    };
    const components = modal.fields.map((field, index) => {
      const { type, customId, value, min, max } = field;
      const isText = type === fieldTypes.text;
      const values = valuesOf(field);
      const filled = { type, id: index + 20, custom_id: customId, ...(isText ? { value: text ?? value } : { values }) };
      const { length } = isText ? (text ?? value) : values;
      if (length < min || length > max) throw new Error(`${customId} is not filled in`);
      return { type: fieldTypes.label, id: index + 1, component: filled };
    });
    const attachments = Object.fromEntries(files.map((file) => [file.id, { ...file, ephemeral: true }]));
    const data = { custom_id: modal.customId, components, resolved: { attachments } };
    return this.#interact(kinds.modal, data, message);
  }

  /** Discord sends an interaction, or a message to the bot, once more. */
  redeliver({ id }: Pick<FakeInteraction, 'id'>): void {
    const sent = this.#sent.get(id);
    this.#discord.gateway.dispatch(sent?.['token'] === undefined ? 'MESSAGE_CREATE' : 'INTERACTION_CREATE', sent);
  }

  upload({ bytes, filename = 'photo.jpg', type = 'image/jpeg' }: Upload): ReturnType<FakeCdn['store']> {
    return this.#discord.cdn.store(this.channel.id, { bytes, filename, type });
  }

  /** The bot's messages this person sees now, in the channel and in private, oldest first. */
  visible(): ShownMessage[] {
    const { messages, channels } = this.#discord.world;
    return [...messages.values()].filter(({ channel, onlyFor }) => {
      const place = channels.get(channel);
      const present = place?.recipient === undefined ? channel === this.channel.id : place.recipient === this.id;
      return present && (onlyFor === undefined || onlyFor === this.id);
    });
  }

  /** The first visible message of the bot's that fits, as soon as there is one. */
  sees(fits: (message: ShownMessage) => boolean): Promise<ShownMessage> {
    const { bot } = this.#discord.world;
    return this.#discord.until(() => this.visible().find((message) => message.author === bot && fits(message)));
  }

  /** The newest message with pictures, as soon as there is one. */
  lastAlbum(): Promise<ShownMessage> {
    const { bot } = this.#discord.world;
    return this.#discord.until(() =>
      this.visible().findLast(({ author, files }) => author === bot && files.length > 0),
    );
  }

  #command(name: string, type: number): Json {
    const found = this.#discord.world.registered.find(
      (command) => command['name'] === name && command['type'] === type,
    );
    if (!found) throw new Error(`no command ${name}`);
    return found;
  }

  #interact(type: number, data: Json, source?: ShownMessage): FakeInteraction {
    const { world, guild, gateway } = this.#discord;
    const { id: channel, guild: inGuild } = this.channel;
    const interaction = world.interactions.open({ type, user: this.id, channel, source: source?.id });
    const user = { id: this.id, username: 'person', discriminator: '0', avatar: null, global_name: null };
    const membership = {
      user,
      roles: this.#rank.roles ?? [],
      permissions: this.#rank.permissions ?? '0',
      joined_at: '2026-01-01T00:00:00Z',
      deaf: false,
      mute: false,
    };
    const payload = {
      id: interaction.id,
      token: interaction.token,
      application_id: world.application,
      type,
      version: 1,
      data,
      channel_id: channel,
      channel: { id: channel, type: inGuild === undefined ? 1 : 0 },
      ...(inGuild === undefined ? { user, context: 1 } : { guild_id: guild, member: membership, context: 0 }),
      app_permissions: String(permissionsIn(this.channel)),
      locale: this.#locale,
      entitlements: [],
      authorizing_integration_owners: {},
      attachment_size_limit: this.channel.fileLimit,
      ...(source && { message: describe(world, source) }),
    };
    this.#sent.set(interaction.id, payload);
    gateway.dispatch('INTERACTION_CREATE', payload);
    return interaction;
  }
}
