import type { OptionValues } from './invocation.js';
import type { AlbumPicture, SizedPicture } from './picture.js';
import type { AnswerPoint } from './point.js';

/** The state of a job, shown as the one message that is edited while the job lives. */
export interface StatusView {
  readonly jobId: string;
  readonly text: string;
  /** 0..1 once work has begun. */
  readonly progress?: number;
  readonly cancellable: boolean;
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

/** A request that a member can make by one press: theirs once more, photos included, with these options. */
export interface Offer {
  /** What the press does; the button says it. */
  readonly action: 'largest';
  readonly options: OptionValues;
}

/** A button under an answer: for its member it says a line, as if they had typed it. */
export interface LineButton {
  readonly label: string;
  /** A command and its options, at most 40 ASCII characters. */
  readonly line: string;
  /** What it does cannot be undone. */
  readonly danger?: true;
}

/** A button for everyone: for who presses it, it says a line, or asks for what the line still needs. */
export interface OpenButton {
  readonly label: string;
  /** A command and its options, at most 40 ASCII characters. */
  readonly line: string;
}

/** How everyone takes part in the event that a post is about. */
export interface EventButtons {
  /** Says the terms; `agreed` is the line of who agrees to them, and goes with a photo. */
  readonly join: OpenButton & { readonly agreed: string };
  /** Shows the entries to vote for one; missing while there is none. */
  readonly vote?: OpenButton & Pick<EntryReporting, 'highest'>;
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
  /** Lets everyone take part in the event it is about. */
  readonly event?: EventButtons;
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
  /** An ordinary answer, perhaps with buttons. */
  say(text: string, buttons?: readonly LineButton[]): Promise<void>;
  /** An ordinary answer of a few points, a line each; the last of a request may have buttons. */
  list(points: readonly AnswerPoint[], buttons?: readonly LineButton[]): Promise<void>;
  /** An ordinary answer with pictures, a few and small enough for every platform; only the last answer may be one. Buttons
   * are for answers that their member alone sees. */
  show(text: string, pictures: readonly SizedPicture[], buttons?: readonly LineButton[]): Promise<void>;
  /** One sentence on why the request is not fulfilled and what to do. */
  refuse(text: string): Promise<void>;
  /** Asks for consent; the platform answers by `ChatHost.consent`, and the member's request is then sent again. */
  askConsent(text: string): Promise<void>;
  /**
   * Whether an album can reach its member, as far as the platform says so before one is made. Where it will come elsewhere,
   * the platform may have to be asked by telling the member.
   */
  canDeliver(): Promise<boolean>;
  /** Shows the job's status message, or edits the one shown. */
  status(view: StatusView): Promise<void>;
  /** Sends the album, once, in place of the status message. */
  album(album: AlbumMessage): Promise<void>;
  /** Ends the status message with a closing sentence where no album comes, and perhaps offers another way. */
  conclude(jobId: string, text: string, offer?: Offer): Promise<void>;
}
