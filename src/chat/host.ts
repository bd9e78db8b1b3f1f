import type { Invocation } from './invocation.js';
import type { Member, Server } from './member.js';
import type { SizedPicture } from './picture.js';
import type { PublicPost } from './reply.js';

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
  /** The style that every entry is drawn in, as it is called in the member's language; missing where the theme has none. */
  readonly style?: string;
  /** What everyone may know of how it stands, a line each. */
  readonly lines: readonly string[];
  readonly open: boolean;
  /** When it ends, in milliseconds since 1970; missing once it is over. */
  readonly endsAt?: number;
  /** The entries that have their portraits, by number. */
  readonly entries: readonly EntryView[];
  /** Of the member's own entry; `making` while its portrait is being made. */
  readonly part: 'none' | 'making' | 'entered';
}

/** One of a member's own jobs in the queue. */
export interface OwnJob {
  readonly jobId: string;
  /** What it is and where it stands, in one sentence. */
  readonly text: string;
}

/** The queue as one member may see it: everyone's number, one's own places. */
export interface QueueView {
  readonly waiting: number;
  readonly running: number;
  /** How long a portrait takes on average, in words; missing while nothing was measured. */
  readonly average?: string;
  readonly own: readonly OwnJob[];
}

/** What is known of a request before anything is done about it: enough to answer its member. */
export type ReceivedRequest = Pick<Invocation, 'key' | 'member' | 'address' | 'locale'>;

/** What a platform hands its members' doings to. What changes something never throws: what a member is told
 * goes by the reply. */
export interface ChatHost {
  /**
   * A member's request was received and cannot be received again. Resolves when that is recorded: should the program end
   * before what it answers is called, its next run tells the member. Adapters wait for it before they tell a platform or a
   * member that the request is taken; `invoke` goes on with the record of that key, and ends it.
   */
  begin(request: ReceivedRequest): Promise<() => void>;
  /** Resolves when the member was answered. */
  invoke(invocation: Invocation): Promise<void>;
  /** Cancel was pressed. Only the owner of a job can cancel it. */
  cancel(jobId: string, member: Member): Promise<void>;
  /** The member agreed to what `Reply.askConsent` said. */
  consent(member: Member): Promise<void>;
  /** A button for votes was pressed; answers the sentence for who pressed it. */
  vote(visit: Visit, number: number): Promise<string>;
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
  /** The queue, whatever server the member is in. */
  queue(visit: Pick<Visit, 'member' | 'locale'>): Promise<QueueView>;
  /** Calls back at every change of the queue. Returns how to stop listening. */
  watchQueue(listener: () => void): () => void;
}
