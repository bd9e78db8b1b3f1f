import { createHash } from 'node:crypto';
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type LocalizationMap,
  type RESTPutAPIApplicationCommandsJSONBody,
} from 'discord.js';
import type { Action, ActionOption, CommandDefinition, CommandOption, Word } from '../../chat/command-definition.js';
import { canBeChosen } from '../../chat/form.js';
import type { Presets } from '../../chat/presets.js';
import type { TextKey, Translate } from '../../language/texts.js';

/** Discord's tags for each of our languages that it calls otherwise, or not at all; the rest have the same name on both sides. */
const discordLocales: Readonly<Record<string, readonly string[]>> = { ar: [], es: ['es-ES', 'es-419'] };

/** Texts in the language of the definitions themselves, and in those offered beside it. */
export interface DefinitionTexts {
  readonly main: Translate;
  readonly others: readonly Translate[];
}

/** The names of the photo options; no command takes more photos. */
const photoOptions = ['photo', 'photo2', 'photo3', 'photo4'] as const satisfies readonly Word[];

/** Renders every command, with the options that the loaded model has choices for, and the menu entry on messages, as Discord's bulk overwrite takes them. */
export function renderDefinitions(
  commands: readonly CommandDefinition[],
  texts: DefinitionTexts,
  presets: Presets,
): RESTPutAPIApplicationCommandsJSONBody {
  const everywhere = {
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
  };
  const menu = localise('discord.make-portraits', texts);
  return [
    ...commands.map((command) => ({
      type: ApplicationCommandType.ChatInput as const,
      ...named(command.name, texts),
      ...describe(command.description, texts),
      ...everywhere,
      // Null gives it back to everyone where an earlier version kept it to some.
      default_member_permissions: command.forAdministrators ? String(PermissionFlagsBits.ManageGuild) : null,
      options: renderOptions(
        { ...command, options: command.options.filter((option) => canBeChosen(option, presets)) },
        texts,
      ),
    })),
    { type: ApplicationCommandType.Message, name: menu.main, name_localizations: menu.others, ...everywhere },
  ];
}

/** A short text that changes exactly when the definitions do. */
export function hashDefinitions(definitions: RESTPutAPIApplicationCommandsJSONBody): string {
  return createHash('sha256').update(JSON.stringify(definitions)).digest('hex');
}

/** A subcommand for each action, where the command has such. */
function renderOptions(command: CommandDefinition, texts: DefinitionTexts): APIApplicationCommandOption[] {
  const actions = command.options.find((option): option is ActionOption => option.type === 'action')?.actions;
  if (!actions) return renderValues(command, texts);
  return actions.map((action) => ({
    type: ApplicationCommandOptionType.Subcommand,
    ...named(action.name, texts),
    ...describe(action.description, texts),
    options: renderValues(narrow(command, action), texts),
  }));
}

/** The command as it is for one of its actions. */
function narrow({ photos, options, ...command }: CommandDefinition, action: Action): CommandDefinition {
  return {
    ...command,
    ...(action.photos && photos && { photos }),
    options: options.filter(({ name }) => action.options.includes(name)),
  };
}

/** Required options stand first, as Discord wants them. */
function renderValues(command: CommandDefinition, texts: DefinitionTexts): APIApplicationCommandBasicOption[] {
  const { min, max } = command.photos ?? { min: 0, max: 0 };
  const photos = photoOptions.slice(0, max).map((name, index) => ({
    type: ApplicationCommandOptionType.Attachment as const,
    ...named(name, texts),
    ...describe(index === 0 ? 'discord.photo' : 'discord.another-photo', texts),
    required: index < min,
  }));
  const values = command.options.flatMap((option) => (option.type === 'action' ? [] : [renderOption(option, texts)]));
  return [...photos, ...values];
}

function renderOption(
  option: Exclude<CommandOption, ActionOption>,
  texts: DefinitionTexts,
): APIApplicationCommandBasicOption {
  const common = { ...named(option.name, texts), ...describe(option.description, texts), required: false };
  switch (option.type) {
    case 'text':
      return { ...common, type: ApplicationCommandOptionType.String, max_length: option.maxLength };
    case 'preset':
      return { ...common, type: ApplicationCommandOptionType.String, autocomplete: true };
    case 'switch':
      return { ...common, type: ApplicationCommandOptionType.Boolean };
    case 'integer':
      return {
        ...common,
        type: ApplicationCommandOptionType.Integer,
        min_value: option.min,
        max_value: option.max,
      };
  }
}

interface Localised {
  readonly main: string;
  readonly others: LocalizationMap;
}

function localise(key: TextKey, { main, others }: DefinitionTexts): Localised {
  const entries = others.flatMap((t) => (discordLocales[t.locale] ?? [t.locale]).map((tag) => [tag, t(key)] as const));
  return { main: main(key), others: Object.fromEntries(entries) };
}

/** The name by which a command or option is known to us, and what members read instead in other languages. */
function named(
  name: Word,
  texts: DefinitionTexts,
): { readonly name: Word; readonly name_localizations: LocalizationMap } {
  return { name, name_localizations: localise(`names.${name}`, texts).others };
}

function describe(
  key: TextKey,
  texts: DefinitionTexts,
): { readonly description: string; readonly description_localizations: LocalizationMap } {
  const { main, others } = localise(key, texts);
  return { description: main, description_localizations: others };
}
