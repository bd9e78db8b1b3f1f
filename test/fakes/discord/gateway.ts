import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { FakeWebSocket } from './websocket.js';

/** Intents that need leave from Discord: members, presences, message content. */
const PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15);
const GUILD_MESSAGES = 1 << 9;
const DIRECT_MESSAGES = 1 << 12;
const MAX_PAYLOAD = 4096;
/** Milliseconds between two heartbeats unless said otherwise. */
const HEARTBEAT = 41_250;
/** Close codes with which a session ends: whoever comes back has to identify anew. */
const LAST_WORDS = new Set([1000, 1001, 4007, 4009]);

/** What the gateway tells about the bot when it is ready. */
export interface ReadyFacts {
  readonly token: string;
  readonly user: object;
  readonly application: object;
  readonly guilds: readonly { readonly id: string }[];
}

interface Session {
  readonly id: string;
  readonly events: { readonly seq: number; readonly text: string }[];
  /** The kinds of events the bot asked for, as a bit set. */
  readonly intents: number;
  line: FakeWebSocket | undefined;
}

/** The heartbeats of one connection. */
interface Pulse {
  readonly timer: NodeJS.Timeout;
  answered: boolean;
}

interface Payload {
  readonly op: number;
  readonly d: unknown;
}

/** Discord's gateway: identifying, heartbeats, sessions that can be resumed, and every way to lose a connection. */
export class FakeGateway {
  /** How often bots identified anew, and how often they resumed. */
  identified = 0;
  resumed = 0;
  /** Milliseconds between two heartbeats, told to whoever connects. */
  heartbeatInterval = HEARTBEAT;
  /** Address given to bots; known once the server listens. */
  address = '';
  readonly #facts: ReadyFacts;
  readonly #lines = new Map<FakeWebSocket, Pulse>();
  #session: Session | undefined;
  #waiting: (() => void)[] = [];

  constructor(facts: ReadyFacts) {
    this.#facts = facts;
  }

  accept(request: IncomingMessage, stream: Duplex): void {
    const line = new FakeWebSocket(request, stream, {
      message: (text) => this.#hear(line, text),
      closed: () => {
        clearTimeout(this.#lines.get(line)?.timer);
        this.#lines.delete(line);
        if (this.#session?.line === line) this.#session.line = undefined;
      },
    });
    // Whoever misses two heartbeats is believed to be gone.
    const timer = setTimeout(() => this.#close(line, 4009), 2 * this.heartbeatInterval).unref();
    this.#lines.set(line, { timer, answered: true });
    send(line, { op: 10, d: { heartbeat_interval: this.heartbeatInterval } });
  }

  /** Sends an event; while nobody listens it is kept for whoever resumes. */
  dispatch(type: string, data: unknown): void {
    const session = this.#session;
    if (!session) throw new Error('no bot is connected');
    const seq = (session.events.at(-1)?.seq ?? 0) + 1;
    const text = JSON.stringify({ op: 0, t: type, s: seq, d: data });
    session.events.push({ seq, text });
    session.line?.send(text);
  }

  /** Tells of a message, where the bot asked for such; its words and files only in private or where it names the bot. */
  tellMessage(message: Readonly<Record<string, unknown>>, { named }: { readonly named: boolean }): void {
    const direct = message['guild_id'] === undefined;
    const intents = this.#session?.intents ?? 0;
    if ((intents & (direct ? DIRECT_MESSAGES : GUILD_MESSAGES)) === 0) return;
    const told = direct || named ? message : { ...message, content: '', attachments: [], embeds: [], components: [] };
    this.dispatch('MESSAGE_CREATE', told);
  }

  /** Asks the bot to reconnect (op 7). */
  askToReconnect(): void {
    if (this.#session?.line) send(this.#session.line, { op: 7, d: null });
  }

  /** Declares the session invalid (op 9); without `resumable` it is forgotten. */
  invalidate(resumable: boolean): void {
    const line = this.#session?.line;
    if (!resumable) this.#session = undefined;
    if (line) send(line, { op: 9, d: resumable });
  }

  /** Closes the connection with a code; 0 cuts it without a word. Some codes end the session too. */
  disconnect(code: number): void {
    const line = this.#session?.line;
    if (code === 0) line?.drop();
    else if (line) this.#close(line, code);
  }

  /** Answers no more heartbeats on this connection, as when it hangs. */
  stopAnswering(): void {
    const pulse = this.#session?.line && this.#lines.get(this.#session.line);
    if (pulse) pulse.answered = false;
  }

  /** Resolves when a bot next has identified or resumed. */
  connected(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    for (const line of this.#lines.keys()) line.drop();
  }

  #hear(line: FakeWebSocket, text: string): void {
    if (Buffer.byteLength(text) > MAX_PAYLOAD) return line.close(4002);
    const { op, d } = JSON.parse(text) as Payload;
    const known = this.#session?.line === line;
    if (op === 1) return this.#beat(line);
    if (op === 2) return known ? line.close(4005) : this.#identify(line, d as Identify);
    if (op === 6) return this.#resume(line, d as Resume);
    if (!known) return line.close(4003);
    if (op !== 3 && op !== 4 && op !== 8) line.close(4001);
  }

  #beat(line: FakeWebSocket): void {
    const pulse = this.#lines.get(line);
    pulse?.timer.refresh();
    if (pulse?.answered) send(line, { op: 11, d: null });
  }

  #close(line: FakeWebSocket, code: number): void {
    if (LAST_WORDS.has(code) && this.#session?.line === line) this.#session = undefined;
    line.close(code);
  }

  #identify(line: FakeWebSocket, { token, intents }: Identify): void {
    if (token !== this.#facts.token) return line.close(4004);
    if ((intents & PRIVILEGED) !== 0) return line.close(4014);
    this.identified++;
    this.#session = { id: randomUUID(), events: [], intents, line };
    const { user, application, guilds } = this.#facts;
    const unavailable = guilds.map(({ id }) => ({ id, unavailable: true }));
    const session = { session_id: this.#session.id, resume_gateway_url: this.address };
    this.dispatch('READY', { v: 10, user, application, guilds: unavailable, ...session });
    for (const guild of guilds) this.dispatch('GUILD_CREATE', guild);
    this.#tellWaiting();
  }

  #resume(line: FakeWebSocket, { token, session_id, seq }: Resume): void {
    if (token !== this.#facts.token) return line.close(4004);
    const session = this.#session;
    if (session?.id !== session_id) return send(line, { op: 9, d: false });
    if (seq > (session.events.at(-1)?.seq ?? 0)) return line.close(4007);
    this.resumed++;
    session.line = line;
    for (const event of session.events) if (event.seq > seq) line.send(event.text);
    this.dispatch('RESUMED', {});
    this.#tellWaiting();
  }

  #tellWaiting(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

interface Identify {
  readonly token: string;
  readonly intents: number;
}

interface Resume {
  readonly token: string;
  readonly session_id: string;
  readonly seq: number;
}

function send(line: FakeWebSocket, payload: Payload): void {
  line.send(JSON.stringify({ ...payload, s: null, t: null }));
}
