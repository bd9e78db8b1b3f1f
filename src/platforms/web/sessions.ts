import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { Conversation } from './conversation.js';

/** A browser, known by a random id that its cookie proves. */
export interface ChatSession {
  readonly id: string;
  readonly conversation: Conversation;
}

/** What every request under `/api` is known by. */
export type Env = { Bindings: HttpBindings; Variables: { session: ChatSession } };

/** The browsers that have opened the page. */
export interface Sessions {
  /** Browsers send a cookie to every port and path of a machine: this name is no other program's, unless it has the same key. */
  readonly cookieName: string;
  /** The session of a cookie that was signed here, in this run of the program or an earlier one. */
  find(cookie: string | undefined): ChatSession | undefined;
  create(): ChatSession;
  /** The id of a session, signed: whoever merely knows the id cannot pass for its browser. */
  cookieOf(session: ChatSession): string;
  /** The session with an id that an earlier run of the program gave; undefined for what was never an id. */
  restore(id: string): ChatSession | undefined;
  all(): readonly ChatSession[];
}

/** What an id looks like, and a signature. */
const ID = /^[\w-]{43}$/;

/**
 * Browsers remembered. One that never said anything makes way first, else the one not seen for longest; none with the page open
 * or a request under way does.
 */
const MAX_SESSIONS = 200;

/** Conversations in memory, of sessions signed with a key that may outlive them. */
export function createSessions(key: Uint8Array): Sessions {
  const sessions = new Map<string, ChatSession>();
  const sign = (id: string): string => createHmac('sha256', key).update(id).digest('base64url');
  const add = (id: string): ChatSession => {
    const session = { id, conversation: new Conversation() };
    sessions.set(id, session);
    if (sessions.size > MAX_SESSIONS) makeWay(session);
    return session;
  };
  const makeWay = (newest: ChatSession): void => {
    const others = [...sessions.values()].filter((other) => other !== newest && !other.conversation.inUse);
    const leaving = others.find(({ conversation }) => conversation.isEmpty) ?? others[0];
    if (leaving) sessions.delete(leaving.id);
  };
  const restore = (id: string): ChatSession | undefined => {
    const session = sessions.get(id);
    if (!session) return ID.test(id) ? add(id) : undefined;
    sessions.delete(id);
    sessions.set(id, session);
    return session;
  };
  return {
    cookieName: `likeness-session-${sign('name').slice(0, 8)}`,
    find(cookie = '') {
      const [id = '', signature = ''] = cookie.split('.');
      const genuine = ID.test(id) && ID.test(signature) && isSame(signature, sign(id));
      return genuine ? restore(id) : undefined;
    },
    create: () => add(randomBytes(32).toString('base64url')),
    cookieOf: ({ id }) => `${id}.${sign(id)}`,
    restore,
    all: () => [...sessions.values()],
  };
}

function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
