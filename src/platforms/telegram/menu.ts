import type { BotCommand } from 'telegraf/types';
import type { Command } from '../../../commands/command.js';
import { languages, translator } from '../../texts.js';
import type { CarefulTelegram } from './client.js';

const MAX_DESCRIPTION = 256;

/** Tells Telegram the commands, for private chats and for groups, in every language there is; English for all others. */
export async function registerCommands(telegram: CarefulTelegram, commands: readonly Command[]): Promise<void> {
  for (const type of ['all_private_chats', 'all_group_chats'] as const) {
    await telegram.setMyCommands(render(commands, 'en'), { scope: { type } });
    for (const language of languages.filter((tag) => /^[a-z]{2}$/.test(tag) && tag !== 'en')) {
      await telegram.setMyCommands(render(commands, language), { scope: { type }, language_code: language });
    }
  }
}

function render(commands: readonly Command[], language: string): BotCommand[] {
  const t = translator(language);
  return commands.map(({ name, description }) => ({
    command: name.replaceAll('-', '_'),
    description: t(description).slice(0, MAX_DESCRIPTION),
  }));
}
