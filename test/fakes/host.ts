import type {
  ChatHost,
  EventView,
  QueueView,
  MemberReport,
  ReceivedRequest,
  Refusal,
  Visit,
} from '../../src/chat/host.js';
import type { Invocation } from '../../src/chat/invocation.js';
import type { Member, Server } from '../../src/chat/member.js';
import type { AlbumMessage } from '../../src/chat/reply.js';
import { readyFile } from '../../src/media/picture-file.js';

/** Who shut the bot out. */
export type Gone = Parameters<ChatHost['gone']>[0];

/** A host that hands the test what the platform reports. */
export class ListeningHost implements ChatHost {
  readonly cancelled: { readonly jobId: string; readonly member: Member }[] = [];
  readonly agreed: Member[] = [];
  readonly moves: { readonly from: Server; readonly to: Server }[] = [];
  readonly #gone: Gone[] = [];
  readonly #invocations: Invocation[] = [];
  readonly #waiting: ((invocation: Invocation) => void)[] = [];
  #wake: () => void = () => undefined;

  /** Requests that were received; `open` ones of them are not answered yet. */
  readonly received: { readonly key: string; open: boolean }[] = [];

  async begin({ key }: ReceivedRequest): Promise<() => void> {
    const request = { key, open: true };
    this.received.push(request);
    return () => void (request.open = false);
  }

  async invoke(invocation: Invocation): Promise<void> {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(invocation);
    else this.#invocations.push(invocation);
  }

  async cancel(jobId: string, member: Member): Promise<void> {
    this.cancelled.push({ jobId, member });
  }

  async consent(member: Member): Promise<void> {
    this.agreed.push(member);
  }

  readonly reports: MemberReport[] = [];

  async report(report: MemberReport): Promise<string> {
    this.reports.push(report);
    return 'The moderators were told.';
  }

  readonly votes: { readonly voter: Member; readonly server: Server; readonly number: number }[] = [];

  async vote({ member: voter, server }: Visit, number: number): Promise<string> {
    this.votes.push({ voter, server, number });
    return 'The vote is counted.';
  }

  /** The event there is, if a test has one. */
  shown: EventView | undefined;

  async event(): Promise<EventView | Refusal> {
    return this.shown ?? { refusal: 'There is no event.' };
  }

  async entry(): Promise<undefined> {
    return undefined;
  }

  async queue(): Promise<QueueView> {
    return { running: 0, waiting: 0, own: [] };
  }

  watchQueue(): () => void {
    return () => undefined;
  }

  async gone(from: Gone): Promise<void> {
    this.#gone.push(from);
    this.#wake();
  }

  async moved(from: Server, to: Server): Promise<void> {
    this.moves.push({ from, to });
    this.#wake();
  }

  /** Who shut the bot out next, as soon as it is known. */
  async nextGone(): Promise<Gone> {
    for (;;) {
      const gone = this.#gone.shift();
      if (gone) return gone;
      await this.happening();
    }
  }

  /** Those who shut the bot out that nobody asked for yet. */
  get unreadGone(): number {
    return this.#gone.length;
  }

  /** Resolves when the platform next reports something else than a request. */
  happening(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** The next invocation, as soon as it is there. */
  next(): Promise<Invocation> {
    const arrived = this.#invocations.shift();
    return arrived ? Promise.resolve(arrived) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Invocations nobody asked for yet. */
  get unread(): number {
    return this.#invocations.length;
  }
}

/** An album of plain bytes; platforms do not look into pictures. */
export function plainAlbum(jobId: string, count = 4): AlbumMessage {
  const pictures = Array.from({ length: count }, (_, index) => ({
    name: `portrait-7-${index + 1}`,
    description: `Portrait ${index + 1}`,
    preview: Uint8Array.of(0xff, 0xd8, index),
    file: readyFile(Uint8Array.of(0x89, 0x50, index)),
    similarity: 0.5,
    ...(index === 1 && { shows: { expression: 'sad', angle: 'left' } }),
  }));
  return {
    jobId,
    caption: 'Your portraits · seed 7',
    notes: ['A note.'],
    pictures,
    options: { prompt: 'smiling', seed: 7 },
  };
}
