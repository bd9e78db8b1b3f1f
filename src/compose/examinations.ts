import { commands } from '../../commands/index.js';
import type { CliServices } from '../cli/services.js';
import { examineRedis } from '../data/redis-examination.js';
import { good } from '../operations/observation.js';
import { examineDiscord } from '../platforms/discord/examination.js';
import type { DiscordEndpoints } from '../platforms/discord/platform.js';
import { examineTelegram } from '../platforms/telegram/examination.js';

type Examinations = Pick<CliServices, 'examineDiscord' | 'examineTelegram' | 'examineRedis'>;

/** How `doctor` looks at what is not on this machine; what is not configured is in order. */
export function createExaminations({ api }: DiscordEndpoints): Examinations {
  return {
    async examineDiscord({ discord: { token } }) {
      if (token === undefined) return [good('cli.doctor.bot-off', { variable: 'DISCORD_TOKEN' })];
      return examineDiscord({ token, commands, api });
    },
    async examineRedis({ redis: { url } }) {
      return url === undefined ? [good('cli.doctor.bot-off', { variable: 'REDIS_URL' })] : examineRedis(url);
    },
    async examineTelegram({ telegram: { token, apiRoot, webhookUrl } }) {
      if (token === undefined) return [good('cli.doctor.bot-off', { variable: 'TELEGRAM_TOKEN' })];
      return examineTelegram({ token, apiRoot, webhookUrl });
    },
  };
}
