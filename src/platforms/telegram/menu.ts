import { createHash } from 'node:crypto';
import type { Keyv } from 'keyv';
import type { BotCommand } from 'telegraf/types';
import type { CommandDefinition } from '../../chat/command-definition.js';
import { languages, translator } from '../../language/texts.js';
import type { CarefulTelegram } from './client.js';

const MAX_DESCRIPTION = 256;

/** What the menus of commands are made of, and whom they are for. */
export interface Menu {
  readonly telegram: CarefulTelegram;
  /** The bot's own id. */
  readonly bot: string;
  readonly commands: readonly CommandDefinition[];
  /** Remembers what each bot told last. */
  readonly facts: Keyv<string>;
}

/** Whose menus there are; administrators have the commands of moderators beside the others. */
const scopes = ['all_private_chats', 'all_group_chats', 'all_chat_administrators'] as const;

interface Entry {
  readonly commands: BotCommand[];
  readonly extra: NonNullable<Parameters<CarefulTelegram['setMyCommands']>[1]>;
}

/**
 * Tells Telegram the commands, for private chats and for groups, in every language there is and in English for all
 * others, when they are not those it was told last; answers whether it was told.
 */
export async function registerCommands({ telegram, bot, commands, facts }: Menu): Promise<boolean> {
  const key = `telegram:commands:${bot}`;
  const entries = entriesOf(commands);
  const hash = createHash('sha256').update(JSON.stringify(entries)).digest('hex');
  if ((await facts.get(key)) === hash) return false;
  for (const { commands: list, extra } of entries) await telegram.setMyCommands(list, extra);
  await facts.set(key, hash);
  return true;
}

function entriesOf(commands: readonly CommandDefinition[]): Entry[] {
  // Telegram's menus know two letters: of two languages that share them the first is shown.
  const others = new Map(languages.toReversed().map((tag) => [tag.split('-')[0] ?? tag, tag]));
  others.delete('en');
  const forAll = commands.filter(({ forAdministrators }) => !forAdministrators);
  return scopes.flatMap((type) => {
    const shown = type === 'all_chat_administrators' ? commands : forAll;
    return [
      { commands: render(shown, 'en'), extra: { scope: { type } } },
      ...Array.from(others, ([code, tag]) => ({
        commands: render(shown, tag),
        extra: { scope: { type }, language_code: code },
      })),
    ];
  });
}

function render(commands: readonly CommandDefinition[], language: string): BotCommand[] {
  const t = translator(language);
  return commands.map(({ name, description }) => ({
    command: name.replaceAll('-', '_'),
    description: t(description).slice(0, MAX_DESCRIPTION),
  }));
}
