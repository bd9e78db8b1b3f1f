/** The chat platforms there are; a job remembers which one it came by. */
export type PlatformName = 'web' | 'discord' | 'telegram';

/** A person on one platform. Ids are opaque strings, never numbers. */
export interface Member {
  readonly platform: PlatformName;
  readonly id: string;
}

/** Where an answer goes, as plain JSON: it is kept with the job, so that an answer can be given after a restart. */
export type ReplyAddress = Readonly<Record<string, string>>;

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

/** Where a wish was said. */
export interface Place {
  readonly kind: 'direct' | 'group';
  /** The conversation. */
  readonly id: string;
  /** The community it belongs to: a Discord server, a Telegram group, this program's web chat. Missing in private. */
  readonly server?: string;
}

/** A community on one platform, which has settings of its own. */
export interface Server {
  readonly platform: PlatformName;
  readonly id: string;
}

/** What a platform knows of a member's rights in the place where they speak. */
export interface Standing {
  /** Ids of the member's roles; missing where the platform has no such thing. */
  readonly roles?: readonly string[];
  /** Whether the member may change the server's settings; the platform is asked when somebody wants to know. */
  mayAdminister(): Promise<boolean>;
}

/** One wish of one member, in the same shape from every platform. */
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

/** The state of a job, shown as the one message that is edited while the job lives. */
export interface StatusView {
  readonly jobId: string;
  readonly text: string;
  /** 0..1 once work has begun. */
  readonly progress?: number;
  readonly cancellable: boolean;
}

/** A file that is encoded when it is first read: most are never asked for. */
export interface PictureFile {
  /** Bytes it holds in memory at the moment. */
  readonly size: number;
  read(): Promise<Uint8Array>;
  /** Another that can be wiped without this one. */
  copy(): PictureFile;
  /** Overwrites what it holds; it must not be read any more. */
  wipe(): void;
}

/** One delivered portrait in its two encodings. */
export interface AlbumPicture {
  /** File name without extension. */
  readonly name: string;
  /** What is in the picture, for people who cannot see it. */
  readonly description: string;
  /** JPEG for the chat. */
  readonly preview: Uint8Array;
  /** PNG in full quality. */
  readonly file: PictureFile;
  /** Cosine similarity of the face to the photos, -1..1; missing where no face was found. */
  readonly similarity?: number;
}

/** A picture as it is sent. */
export interface SizedPicture {
  /** File name with its extension. */
  readonly name: string;
  readonly type: 'image/png' | 'image/jpeg';
  readonly bytes: Uint8Array;
  /** What is in the picture, for people who cannot see it. */
  readonly description: string;
}

/** A finished job's answer, sent as one message. */
export interface AlbumMessage {
  readonly jobId: string;
  readonly caption: string;
  /** Sentences about this album, such as the words the model does not know. */
  readonly notes: readonly string[];
  readonly pictures: readonly AlbumPicture[];
  /** What Again needs: the options that make this very album, `seed` among them. */
  readonly options: OptionValues;
}

/** A wish that a member can make by one press: theirs once more, photos included, with these options. */
export interface Offer {
  /** What the press does; the button says it. */
  readonly action: 'largest';
  readonly options: OptionValues;
}

/** How an entry of an event is reported from its post. */
export interface EntryReporting {
  /** What the button says, in the post's language. */
  readonly label: string;
  /** Entries have numbers from 1 to this one; some may be gone. */
  readonly highest: number;
  /** The line that says the same, without the number at its end. */
  readonly line: string;
}

/** What everyone in a conversation is to see. */
export interface PublicPost {
  readonly text: string;
  /** Few and small enough for one message; what was posted with pictures is not posted anew. */
  readonly pictures?: readonly SizedPicture[];
  /** Messages in a conversation of the platform's own, shown once more with it: `chat`, and their ids. */
  readonly copies?: { readonly chat: string; readonly messages: readonly string[] };
  /** Lets everyone report one of the entries it is about. */
  readonly report?: EntryReporting;
  /** Makes a new post stand out where the platform can: as the head of a thread of this name, or pinned. */
  readonly title?: string;
}

/** How one invocation, or later the job it became, is answered. Every text is final and in the member's language. */
export interface Reply {
  /** Whether an answer can be for its member alone; elsewhere everyone in the conversation sees it. */
  readonly whispers: boolean;
  /** Tells the platform, within its deadline and before any other work, that an answer will come. */
  acknowledge(): Promise<void>;
  /** An ordinary answer. */
  say(text: string): Promise<void>;
  /** An ordinary answer with pictures, a few and small enough for every platform; only the last answer may be one. */
  show(text: string, pictures: readonly SizedPicture[]): Promise<void>;
  /** One sentence on why the wish is not fulfilled and what to do. */
  refuse(text: string): Promise<void>;
  /** Asks for consent; the platform answers by `ChatHost.consent`, and the member's wish is then sent again. */
  askConsent(text: string): Promise<void>;
  /** Shows the job's status message, or edits the one shown. */
  status(view: StatusView): Promise<void>;
  /** Sends the album, once, in place of the status message. */
  album(album: AlbumMessage): Promise<void>;
  /** Ends the status message with a closing sentence where no album comes, and perhaps offers another way. */
  conclude(jobId: string, text: string, offer?: Offer): Promise<void>;
}

/** Portraits that others than their owner see. */
export interface SeenAlbum {
  /** The same for each report of it. */
  readonly id: string;
  /** Id of the member whose it is, and how the platform writes who that is. */
  readonly owner: string;
  readonly named: string;
  /** What of it is shown to the moderators; read only when it is. */
  readonly show: () => Promise<Pick<PublicPost, 'pictures' | 'copies'>>;
}

/** What a member reports to the moderators of a server, who are not told by whom. */
export interface MemberReport {
  readonly reporter: Member;
  /** As an invocation's. */
  readonly locale?: string;
  /** Id of the server. */
  readonly server: string;
  /** Portraits, or the number of an entry in the event there. */
  readonly what: SeenAlbum | number;
}

/** Who looks at what a server shares, and in which language. */
export interface Visit {
  readonly member: Member;
  readonly server: Server;
  /** BCP 47 tag; English where it is not known. */
  readonly locale?: string;
}

/** Why something is not shown, in one sentence for the member. */
export interface Refusal {
  readonly refusal: string;
}

/** One entry as everyone may see it. */
export interface EntryView {
  readonly number: number;
  /** Its number, and the name its member chose where names are shown. */
  readonly label: string;
  /** Whether it is the member's own who looks. */
  readonly own: boolean;
  /** Whether it is the one they vote for. */
  readonly chosen: boolean;
  /** Whether it won. */
  readonly winner: boolean;
}

/** A server's event as one member may see it. */
export interface EventView {
  readonly id: string;
  readonly title: string;
  /** What everyone may know of how it stands, a line each. */
  readonly lines: readonly string[];
  readonly open: boolean;
  /** The entries that have their portraits, by number. */
  readonly entries: readonly EntryView[];
  /** Of the member's own entry; `making` while its portrait is being made. */
  readonly part: 'none' | 'making' | 'entered';
}

/** One of a member's own jobs in the line. */
export interface OwnPlace {
  readonly jobId: string;
  /** What it is and where it stands, in one sentence. */
  readonly text: string;
}

/** The line as one member may see it: everyone's number, one's own places. */
export interface LineView {
  readonly waiting: number;
  readonly running: number;
  /** How long a portrait takes on average, in words; missing while nothing was measured. */
  readonly average?: string;
  readonly own: readonly OwnPlace[];
}

/** What a platform hands its members' doings to. What changes something never throws: what a member is told
 * goes by the reply. */
export interface ChatHost {
  invoke(invocation: Invocation): Promise<void>;
  /** Cancel was pressed. Only the owner of a job can cancel it. */
  cancel(jobId: string, member: Member): Promise<void>;
  /** The member agreed to what `Reply.askConsent` said. */
  consent(member: Member): Promise<void>;
  /** A button for reports was pressed; answers the sentence for who pressed it. */
  report(report: MemberReport): Promise<string>;
  /** The bot was taken out of a server, or blocked by a member: all that is kept of them is deleted. */
  gone(from: { readonly server: Server } | { readonly member: Member }): Promise<void>;
  /** A server has another id from now on. */
  moved(from: Server, to: Server): Promise<void>;
  /** The event of a server. */
  event(visit: Visit): Promise<EventView | Refusal>;
  /** The portrait of an entry in it; undefined where there is none that the member may see. */
  entry(visit: Visit, number: number): Promise<SizedPicture | undefined>;
  /** The line, whatever server the member is in. */
  line(visit: Pick<Visit, 'member' | 'locale'>): Promise<LineView>;
  /** Hears of every change of the line. Answers how to stop listening. */
  watchLine(listener: () => void): () => void;
}

/** One way for members to reach the program. */
export interface ChatPlatform {
  readonly name: PlatformName;
  /** Shortest time between two edits of a status message, in milliseconds. */
  readonly statusInterval: number;
  /** Begins to take invocations. */
  start(host: ChatHost): Promise<void>;
  /** The way to answer at an address this platform made, in this run of the program or an earlier one. */
  reply(address: ReplyAddress): Reply;
  /**
   * Posts for everyone in the conversation of an address this platform made: in place of an earlier post while that is
   * there, else as a new one. Answers the post's id; undefined where the conversation is gone or closed to the program.
   */
  post(address: ReplyAddress, post: PublicPost, earlier?: string): Promise<string | undefined>;
  /** Deletes whatever the platform itself keeps of a member. */
  forget(member: Member): Promise<void>;
  /** Takes no more invocations and lets go of every connection. */
  stop(): Promise<void>;
}
