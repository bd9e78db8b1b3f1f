import type { Config } from '../config.js';
import { good, type Observation } from '../observation.js';
import type { DiscordEndpoints } from '../platforms/discord/platform.js';

/** Looks at what is not on this machine, as it is there: the bot of each platform, and Redis. */
export interface Examinations {
  examineDiscord(config: Config): Promise<readonly Observation[]>;
  examineTelegram(config: Config): Promise<readonly Observation[]>;
  examineRedis(config: Config): Promise<readonly Observation[]>;
}

/** How `doctor` looks at what is not on this machine; what is not configured is in order, and its library is not read. */
export function createExaminations({ api }: DiscordEndpoints): Examinations {
  return {
    async examineDiscord({ discord: { token } }) {
      if (token === undefined) return [good('cli.doctor.bot-off', { variable: 'DISCORD_TOKEN' })];
      const { examineDiscord } = await import('../platforms/discord/examination.js');
      const { commands } = await import('../../commands/index.js');
      return examineDiscord({ token, commands, api });
    },
    async examineRedis({ redis: { url } }) {
      if (url === undefined) return [good('cli.doctor.bot-off', { variable: 'REDIS_URL' })];
      const { examineRedis } = await import('../data/redis-examination.js');
      return examineRedis(url);
    },
    async examineTelegram({ telegram: { token, apiRoot, webhookUrl } }) {
      if (token === undefined) return [good('cli.doctor.bot-off', { variable: 'TELEGRAM_TOKEN' })];
      const { examineTelegram } = await import('../platforms/telegram/examination.js');
      return examineTelegram({ token, apiRoot, webhookUrl });
    },
  };
}
