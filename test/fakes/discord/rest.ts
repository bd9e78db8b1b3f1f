import type { RequestListener, ServerResponse } from 'node:http';
import { ApiError, demand } from './api-error.js';
import { objectOf, readBody, type ReceivedBody } from './body.js';
import { FakeBuckets } from './buckets.js';
import { checkCommands } from './command-rules.js';
import { asText, type Json } from './json.js';
import { applyBody, type ShownMessage } from './messages.js';
import type { FakeInteractions, MessageStore } from './interactions.js';

/** A conversation. */
export interface FakeChannel {
  readonly id: string;
  /** The server it is in; undefined for direct messages. */
  readonly guild: string | undefined;
  /** Who else is in a direct conversation with the bot. */
  readonly recipient: string | undefined;
  /** What the bot may do there. */
  mayView: boolean;
  maySend: boolean;
}

/** What the REST interface works on. */
export interface RestWorld extends MessageStore {
  readonly token: string;
  readonly application: string;
  readonly gatewayAddress: () => string;
  readonly interactions: FakeInteractions;
  readonly channels: Map<string, FakeChannel>;
  /** People whose direct messages are closed to the bot. */
  readonly closed: Set<string>;
  readonly people: ReadonlySet<string>;
  /** The commands registered last. */
  registered: readonly Json[];
  /** How often commands were registered. */
  registrations: number;
  /** Called after every change. */
  changed(): void;
}

type Answer = object | undefined;
type Handler = (world: RestWorld, parts: readonly string[], body: ReceivedBody) => Answer;

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly open?: true;
  readonly handle: Handler;
}

/** Discord's REST interface, as far as a bot of commands needs it, and as strict. */
export class FakeRest {
  readonly buckets = new FakeBuckets();
  /** Answers 401, 403 and 429, of which ten thousand in ten minutes ban an address. */
  invalidAnswers = 0;
  /** Every request, as `METHOD /path`, tokens left out. */
  readonly requests: string[] = [];
  readonly #world: RestWorld;

  constructor(world: RestWorld) {
    this.#world = world;
  }

  readonly listener: RequestListener = (request, response) => {
    void this.#serve(request, response).catch((error: unknown) => refuse(response, error));
  };

  async #serve(...[request, response]: Parameters<RequestListener>): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://discord');
    const path = decodeURIComponent(pathname).replace(/^\/api\/v10/, '');
    const method = request.method ?? 'GET';
    response.on('finish', () => {
      if ([401, 403, 429].includes(response.statusCode)) this.invalidAnswers++;
    });
    const body = await readBody(request);
    const route = routes.find((candidate) => candidate.method === method && candidate.path.test(path));
    if (!route) throw new ApiError(404, 0, '404: Not Found');
    const parts = route.path.exec(path)?.slice(1) ?? [];
    this.requests.push(`${method} ${path.replaceAll(/[\w-]{32}/g, 'TOKEN')}`);
    const key = `${method} ${path.startsWith('/interactions') ? path : path.replace(/\/messages\/.*/, '/messages')}`;
    if (!this.buckets.admit(key, response)) return;
    const authorised = request.headers.authorization === `Bot ${this.#world.token}`;
    if (!route.open && !authorised) throw new ApiError(401, 0, '401: Unauthorized');
    const answer = route.handle(this.#world, parts, body);
    this.#world.changed();
    if (answer) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    else response.writeHead(204).end();
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  const told = error instanceof ApiError ? error : new ApiError(500, 0, String(error));
  response.writeHead(told.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code: told.code, message: told.message }));
}

const routes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/gateway\/bot$/,
    handle: ({ gatewayAddress }) => ({
      url: gatewayAddress(),
      shards: 1,
      session_start_limit: { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 },
    }),
  },
  {
    method: 'PUT',
    path: /^\/applications\/(\d+)\/commands$/,
    handle(world, [application], { json }) {
      if (application !== world.application) throw new ApiError(403, 20_012, 'Not authorized for this application');
      world.registered = checkCommands(json);
      world.registrations++;
      return world.registered;
    },
  },
  {
    method: 'POST',
    path: /^\/interactions\/(\d+)\/([\w-]+)\/callback$/,
    open: true,
    handle({ interactions }, [id = '', token = ''], body) {
      interactions.callback(id, token, body);
      return undefined;
    },
  },
  {
    method: 'PATCH',
    path: /^\/webhooks\/\d+\/([\w-]+)\/messages\/([\w@]+)$/,
    open: true,
    handle: (world, [token = '', id = ''], body) =>
      describe(world, world.interactions.edit(world.interactions.webhook(token), id, body)),
  },
  {
    method: 'DELETE',
    path: /^\/webhooks\/\d+\/([\w-]+)\/messages\/([\w@]+)$/,
    open: true,
    handle({ interactions, messages }, [token = '', id = '']) {
      messages.delete(interactions.messageOf(interactions.webhook(token), id).id);
      return undefined;
    },
  },
  {
    method: 'POST',
    path: /^\/webhooks\/\d+\/([\w-]+)$/,
    open: true,
    handle: (world, [token = ''], body) =>
      describe(world, world.interactions.followUp(world.interactions.webhook(token), body)),
  },
  {
    method: 'POST',
    path: /^\/users\/@me\/channels$/,
    handle(world, _parts, body) {
      const recipient = asText(objectOf(body)['recipient_id'], 'recipient_id', [1, 21]);
      demand(/^\d+$/.test(recipient), 'recipient_id is not snowflake');
      if (!world.people.has(recipient)) throw new ApiError(404, 10_013, 'Unknown User');
      return { id: directChannel(world, recipient).id, type: 1 };
    },
  },
  {
    method: 'POST',
    path: /^\/channels\/(\d+)\/messages$/,
    handle: (world, [channel = ''], body) => describe(world, post(world, channel, body)),
  },
];

/** The direct conversation with someone. */
export function directChannel({ channels, clock }: RestWorld, recipient: string): FakeChannel {
  const found = [...channels.values()].find((channel) => channel.recipient === recipient);
  if (found) return found;
  const opened = { id: clock.snowflake(), guild: undefined, recipient, mayView: true, maySend: true };
  channels.set(opened.id, opened);
  return opened;
}

/** Messages sent with an enforced nonce, by channel and nonce. */
const byNonce = new WeakMap<RestWorld, Map<string, ShownMessage>>();

function post(world: RestWorld, id: string, body: ReceivedBody): ShownMessage {
  const channel = world.channels.get(id);
  if (!channel) throw new ApiError(404, 10_003, 'Unknown Channel');
  if (!channel.mayView) throw new ApiError(403, 50_001, 'Missing Access');
  if (!channel.maySend) throw new ApiError(403, 50_013, 'Missing Permissions');
  if (channel.recipient !== undefined && world.closed.has(channel.recipient)) {
    throw new ApiError(403, 50_007, 'Cannot send messages to this user');
  }
  const { nonce, enforce_nonce: enforced } = objectOf(body);
  const key = `${id}/${asText(nonce, 'nonce', [0, 25])}`;
  const known = byNonce.get(world) ?? new Map<string, ShownMessage>();
  byNonce.set(world, known);
  const sent = enforced === true ? known.get(key) : undefined;
  if (sent) return sent;
  const parts = applyBody(body, { cdn: world.cdn, channel: id });
  const place = { id: world.clock.snowflake(), channel: id, author: world.bot };
  const message = { ...place, onlyFor: undefined, thinking: false, ...parts };
  world.messages.set(message.id, message);
  known.set(key, message);
  return message;
}

/** A message as Discord sends it. */
export function describe({ bot }: Pick<RestWorld, 'bot'>, message: ShownMessage): object {
  const { id, channel, author, onlyFor, content, embeds, components, files, thinking } = message;
  return {
    id,
    channel_id: channel,
    type: 0,
    author: { id: author, username: author === bot ? 'likeness' : 'person', discriminator: '0', avatar: null },
    content,
    embeds,
    components,
    attachments: files,
    flags: (onlyFor === undefined ? 0 : 64) | (thinking ? 128 : 0),
    timestamp: '2026-01-05T12:00:00.000000+00:00',
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    pinned: false,
  };
}
