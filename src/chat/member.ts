/** The chat platforms there are; a job remembers which one it came by. */
export type PlatformName = 'web' | 'discord' | 'telegram';

/** A person on one platform. Ids are opaque strings, never numbers. */
export interface Member {
  readonly platform: PlatformName;
  readonly id: string;
}

/** A community on one platform, which has settings of its own. */
export interface Server {
  readonly platform: PlatformName;
  readonly id: string;
}

/** Where an answer goes, as plain JSON: it is kept with the job, so that an answer can be given after a restart. */
export type ReplyAddress = Readonly<Record<string, string>>;

/** Whether two members are the same person on the same platform. */
export function sameMember(a: Member, b: Member): boolean {
  return a.platform === b.platform && a.id === b.id;
}
