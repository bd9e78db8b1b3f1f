import type { Translate } from '../language/texts.js';
import type { CommandDefinition, CommandOption, PhotoLimits } from './command-definition.js';
import type { OptionGrammar } from './grammar.js';
import { nameIn, type Presets } from './presets.js';

/** An option as forms and completions show it. */
export interface OptionForm {
  readonly name: string;
  readonly description: string;
  readonly type: CommandOption['type'];
  readonly main: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly default?: number;
  readonly maxLength?: number;
  /** What can be chosen, where the option chooses. */
  readonly choices: readonly string[];
  /** Those of the choices that take the command's photos, where only some do. */
  readonly withPhotos?: readonly string[];
}

/** A command as forms and completions show it: plain JSON, in one language, with the loaded model's presets. */
export interface CommandForm {
  readonly name: string;
  readonly description: string;
  readonly photos?: PhotoLimits;
  readonly options: readonly OptionForm[];
  /** Every option a line may name, those that forms leave out too. */
  readonly grammar: readonly OptionGrammar[];
}

/** Renders a command's definition. */
export function renderForm(command: CommandDefinition, presets: Presets, t: Translate): CommandForm {
  return {
    name: command.name,
    description: t(command.description),
    ...(command.photos && { photos: command.photos }),
    options: command.options
      .filter((option) => isForOne(option) && canBeChosen(option, presets))
      .map((option) => renderOption(option, presets, t)),
    grammar: command.options.map((option) => ({
      name: option.name,
      type: option.type,
      main: isMain(option),
      ...(option.type === 'action' && { actions: option.actions.map(({ name, options }) => ({ name, options })) }),
    })),
  };
}

/** A form is filled in where nobody else is; who else is to see the answer is not asked there. */
function isForOne(option: CommandOption): boolean {
  return option.type !== 'switch' || option.publishes !== true;
}

/** Whether the loaded model has anything to choose from: it may know nothing of a kind. */
export function canBeChosen(option: CommandOption, presets: Presets): boolean {
  return option.type !== 'preset' || presets[option.from].length > 0;
}

function isMain(option: CommandOption): boolean {
  return option.type === 'text' && option.main === true;
}

function renderOption(option: CommandOption, presets: Presets, t: Translate): OptionForm {
  const common = { name: option.name, description: t(option.description), type: option.type, main: false, choices: [] };
  switch (option.type) {
    case 'text':
      return { ...common, main: isMain(option), maxLength: option.maxLength };
    case 'action':
      return {
        ...common,
        choices: option.actions.map(({ name }) => name),
        withPhotos: option.actions.filter(({ photos }) => photos).map(({ name }) => name),
      };
    case 'preset':
      return { ...common, choices: presets[option.from].map((preset) => nameIn(t.locale, preset)) };
    case 'switch':
      return { ...common, choices: ['yes'] };
    case 'integer': {
      const { min, max, default: preset } = option;
      return { ...common, min, max, ...(preset !== undefined && { default: preset }) };
    }
  }
}
