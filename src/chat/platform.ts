import type { ChatHost } from './host.js';
import type { Member, PlatformName, ReplyAddress } from './member.js';
import type { PublicPost, Reply } from './reply.js';

/** One way for members to reach the program. */
export interface ChatPlatform {
  readonly name: PlatformName;
  /** Shortest time between two edits of a status message, in milliseconds. */
  readonly statusInterval: number;
  /** Begins to take invocations. */
  start(host: ChatHost): Promise<void>;
  /** Called after a restart, for each address somebody is still to be answered at; missing where nothing must be readied. */
  restore?(address: ReplyAddress): void;
  /** The way to answer at an address this platform made, in this run of the program or an earlier one. */
  reply(address: ReplyAddress): Reply;
  /**
   * Posts for everyone in the conversation of an address this platform made: in place of an earlier post while that is
   * there, else as a new one. Answers the post's id; undefined where the conversation is gone or closed to the program.
   */
  post(address: ReplyAddress, post: PublicPost, earlier?: string): Promise<string | undefined>;
  /** Deletes whatever the platform itself keeps of a member. */
  forget(member: Member): Promise<void>;
  /** Asks for no more invocations, where they wait elsewhere until they are asked for; those taken can still be answered. */
  stopTaking?(): Promise<void>;
  /** Takes no more invocations and lets go of every connection. */
  stop(): Promise<void>;
}
