import type { ErrorCode } from '../errors.js';
import type { TextKey } from '../language/texts.js';
import type { PresetKind } from './presets.js';

/** A word for a command or an option, under `names` in the locales: what it is called where names are translated. */
export type Word = TextKey extends infer Key ? (Key extends `names.${infer Name}` ? Name : never) : never;

interface OptionBase {
  /** Lower-case word the member types. */
  readonly name: Word;
  readonly description: TextKey;
}

/** Free text; the one with `main` takes the words that belong to no named option. */
export interface TextOption extends OptionBase {
  readonly type: 'text';
  readonly maxLength: number;
  readonly main?: true;
}

/** One of the presets of the loaded model, offered by completion. */
export interface PresetOption extends OptionBase {
  readonly type: 'preset';
  /** The list offered; a member may type anything of it. */
  readonly from: PresetKind;
}

/** A whole number within limits; `error` is what a member is told outside them (data: given, min, max). */
export interface IntegerOption extends OptionBase {
  readonly type: 'integer';
  readonly min: number;
  readonly max: number;
  readonly default?: number;
  readonly error: ErrorCode;
}

/** Yes or no; no unless said. */
export interface SwitchOption extends OptionBase {
  readonly type: 'switch';
  /** Yes asks for an answer that everyone in the conversation sees, no for one that the member alone sees. */
  readonly publishes?: true;
}

/** One of the things a command does, and what it needs for that. */
export interface Action {
  readonly name: Word;
  readonly description: TextKey;
  readonly options: readonly Word[];
  /** Takes the command's photos. */
  readonly photos?: true;
}

/** What is to be done: the first word after the command's name, or a subcommand where the platform has such. */
export interface ActionOption extends OptionBase {
  readonly type: 'action';
  readonly actions: readonly Action[];
}

/** What a member may give a command, of any kind. */
export type CommandOption = TextOption | PresetOption | IntegerOption | SwitchOption | ActionOption;

/** How many photos a command takes. */
export interface PhotoLimits {
  readonly min: number;
  readonly max: number;
}

/** What a command is called and what it takes; all that platforms know of one. */
export interface CommandDefinition {
  readonly name: Word;
  readonly description: TextKey;
  readonly photos?: PhotoLimits;
  /** Only those who may administer a server have a use for it: platforms show it to nobody else where they can. */
  readonly forAdministrators?: true;
  readonly options: readonly CommandOption[];
}
