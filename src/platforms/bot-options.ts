import type { Keyv } from 'keyv';
import type { CommandDefinition } from '../chat/command-definition.js';
import type { Member } from '../chat/member.js';
import type { Presets } from '../chat/presets.js';
import type { Samples } from '../chat/samples.js';
import type { Translate } from '../language/texts.js';

/** What every bot is made with, whatever its platform. */
export interface BotOptions {
  /** What the platform gave for the bot. */
  readonly token: string;
  readonly commands: readonly CommandDefinition[];
  /** The command that words without a slash are for, and that albums come from. */
  readonly defaultCommand: CommandDefinition;
  readonly presets: Presets;
  /** Pictures of the presets. */
  readonly samples: Samples;
  readonly maxPhotoBytes: number;
  /** Keeps what the bot must know of itself after a restart; what is lost of it does no harm but to convenience. */
  readonly facts: Keyv<string>;
  /** The texts for a member: in the language they chose, else in the one whose BCP 47 tag their app tells. */
  readonly textsFor: (member: Member, tag: string) => Promise<Translate>;
  /** Called when something went wrong that reached nobody. What it is called with holds neither the token nor a picture. */
  readonly onError: (error: unknown) => void;
  /** Hears, of a bot that has started, when its platform cannot be heard any more, and when it can again. */
  readonly onReach?: (reached: boolean) => void;
}
