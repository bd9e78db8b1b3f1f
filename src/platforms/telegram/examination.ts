import { setTimeout as delay } from 'node:timers/promises';
import type { UserFromGetMe, WebhookInfo } from 'telegraf/types';
import { good, type Observation, wrong } from '../../observation.js';
import { CarefulTelegram } from './client.js';
import { TelegramFailure } from './failure.js';

/** Milliseconds for which an undeliverable update counts as news. */
const RECENT = 60 * 60_000;

/** What to examine of a bot on Telegram. */
export interface TelegramExamination {
  readonly token: string;
  readonly apiRoot: string;
  /** Where updates are to be pushed to; asked for by long polling when missing. */
  readonly webhookUrl?: string | undefined;
  readonly now?: () => number;
}

/** Looks at a bot as Telegram knows it, changing nothing. */
export async function examineTelegram(options: TelegramExamination): Promise<readonly Observation[]> {
  const { token, apiRoot } = options;
  const stopping = new AbortController().signal;
  const telegram = new CarefulTelegram({ token, apiRoot, stopping, wait: async (ms) => delay(ms) });
  try {
    const me = await telegram.getMe();
    return [
      good('cli.doctor.telegram-token', { username: me.username }),
      checkPrivacy(me),
      checkUpdates(await telegram.getWebhookInfo(), options),
    ];
  } catch (error) {
    const refused = error instanceof TelegramFailure && (error.code === 401 || error.code === 404);
    const data = { platform: 'Telegram', variable: 'TELEGRAM_TOKEN' };
    return [wrong(refused ? 'errors.chat-token-refused' : 'errors.chat-unreachable', data)];
  }
}

function checkPrivacy({ can_join_groups: groups, can_read_all_group_messages: all }: UserFromGetMe): Observation {
  if (!groups) return good('cli.doctor.telegram-no-groups');
  return good(all ? 'cli.doctor.telegram-privacy-off' : 'cli.doctor.telegram-privacy-on');
}

/** Updates go one way only: to a webhook, whoever set it, or to the one program that asks for them. */
function checkUpdates(info: WebhookInfo, { webhookUrl: wanted, now = Date.now }: TelegramExamination): Observation {
  const set = info.url === '' || info.url === undefined ? undefined : info.url;
  const waiting = info.pending_update_count;
  if (set !== undefined && set !== wanted) return wrong('cli.doctor.telegram-conflict', { host: new URL(set).host });
  if (wanted === undefined) return good('cli.doctor.telegram-polling', { waiting });
  if (set === undefined) return good('cli.doctor.telegram-webhook-later', { url: wanted });
  const failed = (info.last_error_date ?? 0) * 1000 > now() - RECENT;
  if (!failed) return good('cli.doctor.telegram-webhook', { url: wanted, waiting });
  return wrong('cli.doctor.telegram-webhook-failing', { url: wanted, problem: info.last_error_message ?? '' });
}
