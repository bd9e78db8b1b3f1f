import type { Member, ReplyAddress } from './member.js';

/** A file a member sent, not yet read and not to be trusted. `name` and `type` are what the sender claims. */
export interface Attachment {
  readonly name: string;
  readonly type: string;
  /** Claimed size in bytes; `read` enforces the real one. */
  readonly size: number;
  /** The bytes, fetched by the platform's own rules. The caller owns the array and wipes it. */
  read(): Promise<Uint8Array>;
}

/** Values of a command's options as the platform received them; `readOptions` checks them against the definition. */
export type OptionValues = Readonly<Record<string, string | number | boolean>>;

/** Where a request was said. */
export interface Place {
  readonly kind: 'direct' | 'group';
  /** The conversation. */
  readonly id: string;
  /** The community it belongs to: a Discord server, a Telegram group, this program's web chat. Missing in private. */
  readonly server?: string;
}

/** What a platform knows of a member's rights in the place where they speak. */
export interface Standing {
  /** Ids of the member's roles; missing where the platform has no such thing. */
  readonly roles?: readonly string[];
  /** Whether the member may change the server's settings; the platform is asked when somebody wants to know. */
  mayAdminister(): Promise<boolean>;
}

/** One request of one member, in the same shape from every platform. */
export interface Invocation {
  /** Unique among the platform's invocations and equal for a redelivered one, so that nothing is done twice. */
  readonly key: string;
  readonly member: Member;
  readonly place: Place;
  readonly standing: Standing;
  /** BCP 47 tag of the member's language on the platform; missing where it is not known or there are no texts in it. */
  readonly locale?: string;
  readonly command: string;
  readonly options: OptionValues;
  readonly attachments: readonly Attachment[];
  readonly address: ReplyAddress;
}
