import {
  Client,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayCloseCodes,
  GatewayIntentBits,
  Options,
  Partials,
} from 'discord.js';
import type { ChatPlatform } from '../../chat/platform.js';
import { LikenessError } from '../../errors.js';
import { languages, translator } from '../../language/texts.js';
import { createAlbumMemory } from '../album-memory.js';
import type { BotOptions } from '../bot-options.js';
import { createButtons } from '../buttons.js';
import { type DiscordAddress, readAddress, TOKEN_LIFE } from './address.js';
import { CDN_ORIGINS } from './attachment.js';
import type { CommandRequest } from './command-request.js';
import { type LinkCommands, linksTo } from './command-links.js';
import { type DefinitionTexts, renderDefinitions } from './definitions.js';
import { createExpiringMap } from '../expiring-map.js';
import { toFailure } from './failure.js';
import type { HearParts } from './hear.js';
import { createLedger } from './ledger.js';
import { listen } from './listening.js';
import { createMakeRequest } from './make-request.js';
import { publishPost } from './posts.js';
import { registerCommands } from './registration.js';
import { createDiscordReply } from './reply.js';
import { createSender } from './sender.js';

/** Requests and answers remembered at most. */
const MAX_REMEMBERED = 5000;

/** Where Discord is reached; only tests have it elsewhere. */
export interface DiscordEndpoints {
  /** Address of the REST interface, without version. */
  readonly api?: string;
  /** Origins that uploads may be fetched from. */
  readonly cdnOrigins?: readonly string[];
}

export interface DiscordPlatformOptions extends BotOptions, DiscordEndpoints {
  /** The texts that commands are told in, in every language; all there are unless said. */
  readonly definitionTexts?: DefinitionTexts;
  readonly now?: () => number;
}

/** A Discord bot. Answers are for the asker alone until they press Publish. */
export function createDiscordPlatform(options: DiscordPlatformOptions): ChatPlatform {
  const { token, commands, defaultCommand, now = Date.now, onReach = () => undefined } = options;
  const onError = (error: unknown): void => options.onError(toFailure(error));
  const client = createClient(options.api);
  const buttons = createButtons(token);
  const ledger = createLedger(options.facts);
  const sender = createSender({ rest: client.rest, now });
  const { albums, shown, pending, seen } = createMemory(now);
  const fetchRules = { origins: options.cdnOrigins ?? CDN_ORIGINS, maxBytes: options.maxPhotoBytes };
  let links: LinkCommands = (text) => text;
  const linkCommands: LinkCommands = (text) => links(text);
  const kept = { buttons, sender, albums, pending, fetchRules, linkCommands };
  let listening: ReturnType<typeof listen> | undefined;
  return {
    name: 'discord',
    statusInterval: 3000,
    async start(host) {
      client.on(Events.Error, onError);
      client.on(Events.ShardDisconnect, ({ code }) => {
        onReach(false);
        onError(explainClosing(code));
      });
      client.on(Events.ShardReconnecting, () => onReach(false));
      client.on(Events.ShardReady, () => onReach(true)).on(Events.ShardResume, () => onReach(true));
      const partsNow = (): HearParts => ({ ...options, ...kept, host, received: now() });
      listening = listen(client, { partsNow, greeting: { ...options, sender, buttons }, seen, onError });
      const application = await connect(client, token);
      const definitions = renderDefinitions(commands, options.definitionTexts ?? allTexts(), options.presets);
      try {
        const { facts } = options;
        links = linksTo(await registerCommands({ rest: client.rest, application, definitions, facts }), commands);
      } catch (error) {
        await client.destroy();
        throw toFailure(error);
      }
    },
    reply: (address) =>
      createDiscordReply(readAddress(address), {
        sender,
        ledger,
        buttons,
        linkCommands,
        textsFor: options.textsFor,
        presets: options.presets,
        albumCommand: defaultCommand,
        albums,
        shown,
        onUnreachable: onError,
      }),
    post: (address, post, earlier) =>
      publishPost(readAddress(address), { ...post, earlier }, { sender, buttons, linkCommands, onError }),
    async forget({ id }) {
      const visible = shown.of(id);
      for (const memory of [albums, shown, pending]) memory.forget(id);
      // What cannot be deleted any more was deleted by its member.
      await Promise.allSettled(visible.map((address) => sender.remove(address)));
    },
    async stop() {
      await listening?.stop();
      await client.destroy();
      for (const memory of [albums, shown, pending]) memory.clear();
    },
  };
}

/** What the bot knows for some minutes, in memory. */
function createMemory(now: () => number) {
  const few = { life: TOKEN_LIFE, now, limit: MAX_REMEMBERED };
  return {
    albums: createAlbumMemory(now),
    shown: createExpiringMap<DiscordAddress>(few),
    pending: createExpiringMap<CommandRequest>(few),
    seen: createExpiringMap<true>(few),
  };
}

/** English, and every other language there are texts in. */
function allTexts(): DefinitionTexts {
  const others = languages.filter((language) => language !== 'en').map(translator);
  return { main: translator('en'), others };
}

/**
 * A client that hears interactions, direct messages and messages that name it, and remembers none of them. Of other messages
 * it is told no word, for which it would need the privileged intent.
 */
function createClient(api: string | undefined): Client {
  return new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
    // Without it nothing is heard of a direct conversation that was not opened in this run.
    partials: [Partials.Channel],
    makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, MessageManager: 0, UserManager: 100 }),
    // Answers to interactions are not counted against the 50 requests a second a bot may make, and nearly all of ours are
    // such; discord.js counts them all the same and would hold up acknowledgements. A 429 is obeyed as ever.
    rest: {
      globalRequestsPerSecond: Number.POSITIVE_INFINITY,
      makeRequest: createMakeRequest(),
      ...(api !== undefined && { api }),
    },
  });
}

/** Discord closed for good: the token was changed, or the bot may not do what it asks for. */
function explainClosing(code: number): Error {
  const authenticationFailed: number = GatewayCloseCodes.AuthenticationFailed;
  const refused = code === authenticationFailed;
  const why = refused
    ? ': it does not accept the token in DISCORD_TOKEN any more. Copy it again, then start again'
    : '';
  return new Error(`Discord closed the connection: ${code}${why}`);
}

/** Logs in; answers the application's id once Discord is ready. */
async function connect(client: Client, token: string): Promise<string> {
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(token).catch((cause: unknown) => {
    const refused = cause instanceof DiscordjsError && cause.code === DiscordjsErrorCodes.TokenInvalid;
    const data = { platform: 'Discord', variable: 'DISCORD_TOKEN' };
    throw new LikenessError(refused ? 'chat-token-refused' : 'chat-unreachable', data, { cause });
  });
  return (await ready).application.id;
}
