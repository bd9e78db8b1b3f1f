import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeCdn } from './cdn.js';
import { directChannel, everything } from './channels.js';
import { VirtualClock } from './clock.js';
import { FakeGateway } from './gateway.js';
import { FakeInteractions } from './interactions.js';
import type { ShownMessage } from './messages.js';
import { createOperatorFacts } from './operator.js';
import { FakeRest } from './rest.js';
import type { FakeChannel, RestWorld } from './world.js';
import { DiscordUser, type Rank } from './user.js';
import { Watchers } from '../watchers.js';

/** Discord on loopback: REST, gateway and file server, which refuse what Discord refuses. Its time is virtual. */
export class FakeDiscord {
  readonly clock: VirtualClock;
  readonly cdn: FakeCdn;
  readonly token = `${randomBytes(18).toString('base64url')}.fake.${randomBytes(27).toString('base64url')}`;
  readonly world: RestWorld;
  readonly rest: FakeRest;
  readonly gateway: FakeGateway;
  /** The one server there is, and a channel in it. */
  readonly guild: string;
  readonly channel: FakeChannel;
  /** A role of that server. */
  readonly role: string;
  readonly #people = new Set<string>();
  readonly #watchers = new Watchers();
  readonly #servers: Server[] = [];
  /** The most connections that there were at once to the REST interface, the gateway's among them. */
  mostConnections = 0;

  private constructor(start: number | undefined) {
    const { token } = this;
    const clock = new VirtualClock(start);
    const cdn = new FakeCdn(clock);
    this.clock = clock;
    this.cdn = cdn;
    this.guild = clock.snowflake();
    this.role = clock.snowflake();
    const application = clock.snowflake();
    const store = { messages: new Map<string, ShownMessage>(), bot: application, cdn, clock };
    this.channel = {
      id: clock.snowflake(),
      guild: this.guild,
      recipient: undefined,
      ...everything(),
    };
    this.world = {
      ...store,
      operator: createOperatorFacts(),
      token,
      application,
      gatewayAddress: () => this.gateway.address,
      interactions: new FakeInteractions(store),
      channels: new Map([[this.channel.id, this.channel]]),
      threads: new Map(),
      closed: new Set(),
      people: this.#people,
      registered: [],
      registrations: 0,
      changed: () => this.#tell(),
    };
    this.rest = new FakeRest(this.world);
    const user = { id: application, username: 'likeness', discriminator: '0', avatar: null, bot: true };
    const role = { id: this.role, name: 'Painters', color: 0, permissions: '0', position: 1 };
    const guild = describeGuild(this.guild, this.channel.id, [role]);
    this.gateway = new FakeGateway({ token, user, application: { id: application, flags: 0 }, guilds: [guild] });
  }

  /** Opens one whose time begins then, in milliseconds since 1970; for a program that goes by the real time, now. */
  static async open(start?: number): Promise<FakeDiscord> {
    const fake = new FakeDiscord(start);
    const rest = await fake.#listen(fake.rest.listener);
    fake.cdn.origin = `http://127.0.0.1:${await fake.#listen(fake.cdn.listener)}`;
    fake.gateway.address = `ws://127.0.0.1:${rest}`;
    fake.#countConnections();
    fake.#servers[0]?.on('upgrade', (request, stream) => fake.gateway.accept(request, stream));
    return fake;
  }

  /** Where the bot is to look for Discord. */
  get endpoints(): { readonly api: string; readonly cdnOrigins: readonly string[] } {
    return { api: this.gateway.address.replace('ws:', 'http:') + '/api', cdnOrigins: [this.cdn.origin] };
  }

  /** The server cannot be reached for a while: the bot is still in it. */
  hideServer(): void {
    this.gateway.dispatch('GUILD_DELETE', { id: this.guild, unavailable: true });
  }

  /** Adds the bot to another server, in whose only channel it may write, and answers that channel. */
  addBot(language = 'en-US'): FakeChannel {
    const [guild, id] = [this.clock.snowflake(), this.clock.snowflake()];
    const channel = { id, guild, recipient: undefined, ...everything() };
    this.world.channels.set(id, channel);
    this.gateway.dispatch('GUILD_CREATE', { ...describeGuild(guild, id), preferred_locale: language });
    return channel;
  }

  /** Someone new, in the server's channel or in a direct conversation with the bot. */
  user(where: 'guild' | 'direct' | FakeChannel = 'guild', locale = 'en-US', rank: Rank = {}): DiscordUser {
    const id = this.clock.snowflake();
    this.#people.add(id);
    const here = where === 'guild' ? this.channel : where;
    const channel = here === 'direct' ? directChannel(this.world, id) : here;
    return new DiscordUser(this, { id, channel, locale, rank });
  }

  /** Resolves with what `look` finds, as soon as it finds something. */
  until<Found>(look: () => Found | undefined): Promise<Found> {
    return this.#watchers.until(look);
  }

  /** Throws the bot out of the server. */
  removeBot(): void {
    this.world.channels.delete(this.channel.id);
    this.world.interactions.removeFrom(this.channel.id);
    this.gateway.dispatch('GUILD_DELETE', { id: this.guild });
  }

  async close(): Promise<void> {
    this.gateway.close();
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #tell(): void {
    this.#watchers.look();
  }

  #countConnections(): void {
    let open = 0;
    this.#servers[0]?.on('connection', (socket) => {
      this.mostConnections = Math.max(this.mostConnections, ++open);
      socket.once('close', () => open--);
    });
  }

  async #listen(listener: RequestListener): Promise<number> {
    // Never closed for being idle: on a busy machine that happens just as the bot sends something.
    const server = createServer({ keepAliveTimeout: 0 }, listener);
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
}

/** A server with one channel, as the gateway tells of it; its everyone may do everything there. */
function describeGuild(id: string, channel: string, roles: readonly object[] = []) {
  const everyone = { id, name: '@everyone', color: 0, permissions: String(2n ** 50n - 1n), position: 0 };
  const channels = [{ id: channel, type: 0, name: 'general', position: 0, permission_overwrites: [] }];
  const lists = { roles: [everyone, ...roles], members: [], emojis: [], stickers: [], channels };
  return { id, name: 'Guild', owner_id: '1', system_channel_id: null, preferred_locale: 'en-US', ...lists };
}
