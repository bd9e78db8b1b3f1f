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
  all(): readonly Session[];
}

/** Browsers remembered; the one not seen for longest makes way. */
const MAX_SESSIONS = 200;

/** Sessions in memory. */
export function createSessions(): Sessions {
  const sessions = new Map<string, Session>();
  return {
    find(id) {
      const session = id === undefined ? undefined : sessions.get(id);
      if (session) {
        sessions.delete(session.id);
        sessions.set(session.id, session);
      }
      return session;
    },
    create() {
      const session = { id: randomBytes(32).toString('base64url'), conversation: new Conversation() };
      sessions.set(session.id, session);
      const [oldest] = sessions.keys();
      if (sessions.size > MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest);
      return session;
    },
    all: () => [...sessions.values()],
  };
}
