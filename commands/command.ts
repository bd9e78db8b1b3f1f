import type { CommandDefinition } from '../src/chat/command-definition.js';
import type { Invocation } from '../src/chat/invocation.js';
import type { Member } from '../src/chat/member.js';
import type { Presets } from '../src/chat/presets.js';
import type { Reply } from '../src/chat/reply.js';
import type { Samples } from '../src/chat/samples.js';
import type { Pause } from '../src/data/pause.js';
import type { Events } from '../src/events/events.js';
import type { Jobs } from '../src/jobs/jobs.js';
import type { Limits } from '../src/jobs/limits.js';
import type { Glossary } from '../src/language/glossary.js';
import type { Translate } from '../src/language/texts.js';
import type { PhotoBox } from '../src/media/photo-box.js';
import type { Bans } from '../src/members/bans.js';
import type { Members } from '../src/members/members.js';
import type { Reports } from '../src/members/reports.js';
import type { Servers } from '../src/members/servers.js';
import type { PromptFilter } from '../src/safety/prompt-filter.js';

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
export interface Command extends CommandDefinition {
  run(call: CommandCall): Promise<void>;
}
