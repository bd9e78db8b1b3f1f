import type { ErrorCode } from '../src/errors.js';
import type { Attachment, Invocation, Member, Reply } from '../src/platforms/platform.js';
import type { Pause } from '../src/data/pause.js';
import type { Events } from '../src/events/events.js';
import type { Jobs } from '../src/jobs/jobs.js';
import type { Limits } from '../src/jobs/limits.js';
import type { Glossary } from '../src/language/glossary.js';
import type { Bans } from '../src/members/bans.js';
import type { Members } from '../src/members/members.js';
import type { Reports } from '../src/members/reports.js';
import type { Servers } from '../src/members/servers.js';
import type { PromptFilter } from '../src/safety/prompt-filter.js';
import type { TextKey, Translate } from '../src/language/texts.js';
import type { PresetKind, Presets } from './presets.js';
import type { Samples } from './samples.js';

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

export type CommandOption = TextOption | PresetOption | IntegerOption | SwitchOption | ActionOption;

/** How many photos a command takes. */
export interface PhotoLimits {
  readonly min: number;
  readonly max: number;
}

/** Reads an attachment into a clean photo kept for a short while, and answers its id there. */
export interface PhotoBox {
  keep(attachment: Attachment): Promise<string>;
  wipe(ids: readonly string[]): Promise<void>;
}

/** What commands are given to work with. */
export interface CommandServices {
  readonly presets: Presets;
  readonly glossary: Glossary;
  readonly samples: Samples;
  readonly jobs: Jobs;
  readonly limits: Pick<Limits, 'usage'>;
  readonly members: Members;
  readonly servers: Servers;
  readonly events: Events;
  readonly bans: Bans;
  readonly reports: Reports;
  readonly pause: Pause;
  /** Whether who asks is one of those who run the program. */
  isOwner(invocation: Pick<Invocation, 'member' | 'standing'>): Promise<boolean>;
  readonly words: PromptFilter;
  readonly photos: PhotoBox;
  readonly commands: readonly Command[];
  /** Tags of the languages there are texts in. */
  readonly languages: readonly string[];
  /** The texts of a language. */
  readonly translate: (language: string) => Translate;
  /** Deletes all that is kept of a member, on every part of the program. */
  forget(member: Member): Promise<void>;
}

/** One call of a command. */
export interface CommandCall {
  readonly invocation: Invocation;
  readonly reply: Reply;
  readonly t: Translate;
  readonly services: CommandServices;
}

/** A command, declared once for all platforms. It throws `LikenessError` to refuse. */
export interface Command {
  readonly name: Word;
  readonly description: TextKey;
  readonly photos?: PhotoLimits;
  readonly options: readonly CommandOption[];
  run(call: CommandCall): Promise<void>;
}
