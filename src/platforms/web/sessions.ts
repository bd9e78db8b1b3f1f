import { randomBytes } from 'node:crypto';
import { Conversation } from './conversation.js';

/** A browser, known by a random cookie. */
export interface Session {
  readonly id: string;
  readonly conversation: Conversation;
}

/** The browsers that have opened the page since the program started. */
export interface Sessions {
  find(id: string | undefined): Session | undefined;
  create(): Session;
  /** The session of a browser that an earlier run of the program gave this id; undefined for what was never an id. */
  restore(id: string): Session | undefined;
  all(): readonly Session[];
}

/** What an id looks like. */
const ID = /^[\w-]{43}$/;

/** Browsers remembered; the one not seen for longest makes way. */
const MAX_SESSIONS = 200;

/** Sessions in memory. */
export function createSessions(): Sessions {
  const sessions = new Map<string, Session>();
  const add = (id: string): Session => {
    const session = { id, conversation: new Conversation() };
    sessions.set(id, session);
    const [oldest] = sessions.keys();
    if (sessions.size > MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest);
    return session;
  };
  const find = (id: string | undefined): Session | undefined => {
    const session = id === undefined ? undefined : sessions.get(id);
    if (session) {
      sessions.delete(session.id);
      sessions.set(session.id, session);
    }
    return session;
  };
  return {
    find,
    create: () => add(randomBytes(32).toString('base64url')),
    restore: (id) => find(id) ?? (ID.test(id) ? add(id) : undefined),
    all: () => [...sessions.values()],
  };
}
