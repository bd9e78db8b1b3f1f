import type { Keyv } from 'keyv';
import type { Logger } from 'pino';
import { commands, defaultCommand } from '../../commands/index.js';
import type { ChatHost } from '../chat/host.js';
import type { PlatformName } from '../chat/member.js';
import type { ChatPlatform } from '../chat/platform.js';
import type { Presets } from '../chat/presets.js';
import type { Samples } from '../chat/samples.js';
import type { Config } from '../config.js';
import type { Lock } from '../data/lock.js';
import type { Glossary } from '../language/glossary.js';
import { translator } from '../language/texts.js';
import { MAX_PHOTO_BYTES } from '../media/intake.js';
import type { Members } from '../members/members.js';
import { type Health, watchFor } from '../operations/health.js';
import type { Metrics } from '../operations/metrics.js';
import { measurePlatform } from '../operations/watch.js';
import type { BotOptions } from '../platforms/bot-options.js';
import { createDiscordPlatform, type DiscordEndpoints } from '../platforms/discord/platform.js';
import { createTelegramPlatform, type TelegramTiming } from '../platforms/telegram/platform.js';
import type { History } from '../platforms/web/history.js';
import { createWebPlatform, type WebPlatform } from '../platforms/web/platform.js';
import type { Report } from './operations.js';

/** What says which platforms there are. */
export interface PlatformSettings extends Pick<Config, 'host' | 'port'>, Partial<Pick<Config, 'publicUrls'>> {
  readonly discord?: Config['discord'] & DiscordEndpoints;
  readonly telegram?: Partial<Config['telegram']> & TelegramTiming;
}

export interface PlatformParts {
  readonly config: PlatformSettings;
  readonly facts: Keyv;
  readonly sessionKey: Uint8Array;
  readonly history: History;
  readonly presets: Presets;
  readonly samples: Samples;
  readonly glossary: Glossary;
  readonly members: Pick<Members, 'language' | 'chooseLanguage'>;
  readonly log: Logger;
  readonly report: Report;
  readonly metrics: Metrics;
  readonly health?: Health;
  /** Lets only one of several processes do something at a time. */
  readonly lock?: (name: string) => Lock;
}

/** Every configured platform, and the web chat by itself: its address is the program's. */
export interface Platforms {
  readonly web: WebPlatform;
  readonly all: ReadonlyMap<PlatformName, ChatPlatform>;
  /** Starts platform after platform; when one cannot, those before it are stopped again. @throws LikenessError `port-in-use`, `address-unusable`. */
  start(host: ChatHost): Promise<void>;
  /** Asks for no more requests; those taken can still be answered. */
  stopTaking(): Promise<void>;
  stop(): Promise<void>;
}

/** The platforms that are configured, not yet started. */
export function createPlatforms(parts: PlatformParts): Platforms {
  const { config, sessionKey, history, members, glossary, report } = parts;
  const { publicUrls = [] } = config;
  const web = createWebPlatform({
    ...common(parts),
    memberLanguages: members,
    glossary,
    sessionKey,
    history,
    onError: (error) => report(error, { platform: 'web' }),
    host: config.host,
    port: config.port,
    publicUrls,
  });
  const all = new Map<PlatformName, ChatPlatform>();
  for (const platform of [web, ...discordOf(parts), ...telegramOf(parts)]) {
    all.set(platform.name, measurePlatform(platform, parts.metrics));
  }
  return {
    web,
    all,
    start: (host) => startAll(all.values(), host),
    async stopTaking() {
      for (const platform of all.values()) await platform.stopTaking?.();
    },
    stop: async () => void (await Promise.all([...all.values()].map((platform) => platform.stop()))),
  };
}

async function startAll(platforms: Iterable<ChatPlatform>, host: ChatHost): Promise<void> {
  const started: ChatPlatform[] = [];
  try {
    for (const platform of platforms) {
      await platform.start(host);
      started.push(platform);
    }
  } catch (error) {
    await Promise.all(started.map((platform) => platform.stop()));
    throw error;
  }
}

/** What every platform is given. */
function common({ presets, samples }: PlatformParts) {
  return { commands, defaultCommand, presets, samples, maxPhotoBytes: MAX_PHOTO_BYTES };
}

/** What every bot is given beside its token. */
function botOptions(parts: PlatformParts, platform: 'discord' | 'telegram'): Omit<BotOptions, 'token'> {
  const { facts, members, report } = parts;
  return {
    ...common(parts),
    facts,
    textsFor: async (member, tag) => translator((await members.language(member)) ?? tag),
    onError: (error) => report(error, { platform }),
    onReach: watchFor(parts.health, `${platform}-down`),
  };
}

/** The Discord bot, where there is a token for one. */
function discordOf(parts: PlatformParts): ChatPlatform[] {
  const { discord } = parts.config;
  if (discord?.token === undefined) return [];
  return [createDiscordPlatform({ ...botOptions(parts, 'discord'), ...discord, token: discord.token })];
}

/** The Telegram bot, where there is a token for one. */
function telegramOf(parts: PlatformParts): ChatPlatform[] {
  const { config, log, lock } = parts;
  const { telegram = {} } = config;
  const {
    token,
    apiRoot,
    rates,
    wait,
    webhookUrl: url,
    webhookHost: host = '127.0.0.1',
    webhookPort: port = 8788,
  } = telegram;
  if (token === undefined) return [];
  const bot = createTelegramPlatform({
    ...botOptions(parts, 'telegram'),
    token,
    ...(apiRoot !== undefined && { apiRoot }),
    ...(rates && { rates }),
    ...(wait && { wait }),
    ...(url !== undefined && { webhook: { url, host, port } }),
    ...(lock && { lock: lock(`telegram:${token.split(':')[0]}`) }),
    onGone: ({ method, description }) => log.info({ platform: 'telegram', method, description }, 'cannot be reached'),
  });
  return [bot];
}
