import { ApiError } from './api-error.js';
import type { Json } from './json.js';

/** A server the bot is in, and what it may do there as a bit set in decimal digits. */
export interface FakeServer {
  readonly id: string;
  readonly name: string;
  readonly permissions: string;
}

/** What the developer portal and the servers' managers decide. */
export interface OperatorFacts {
  /** Where interactions are sent instead of to the gateway. */
  interactionsUrl: string | null;
  /** How often the bot may still identify today, and milliseconds until it is counted anew. */
  starts: { remaining: number; resetAfter: number };
  servers: readonly FakeServer[];
}

/** What the routes below show. */
export interface OperatorWorld {
  readonly application: string;
  readonly registered: readonly Json[];
  readonly operator: OperatorFacts;
}

/** A bot as the portal makes it, in no server. */
export function createOperatorFacts(): OperatorFacts {
  return { interactionsUrl: null, starts: { remaining: 999, resetAfter: 14_400_000 }, servers: [] };
}

/** What a bot may read about itself. */
export const operatorRoutes = [
  {
    method: 'GET',
    path: /^\/users\/@me$/,
    handle: ({ application }: OperatorWorld) => ({ id: application, username: 'likeness', bot: true }),
  },
  {
    method: 'GET',
    path: /^\/applications\/@me$/,
    handle: ({ application, operator }: OperatorWorld) => ({
      id: application,
      name: 'Likeness',
      flags: 0,
      interactions_endpoint_url: operator.interactionsUrl,
    }),
  },
  {
    method: 'GET',
    path: /^\/applications\/(\d+)\/commands$/,
    handle({ application, registered }: OperatorWorld, [asked]: readonly string[]) {
      if (asked !== application) throw new ApiError(403, 20_012, 'Not authorized for this application');
      return registered;
    },
  },
  { method: 'GET', path: /^\/users\/@me\/guilds$/, handle: ({ operator }: OperatorWorld) => operator.servers },
];
