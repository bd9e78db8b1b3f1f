import type { RequestListener, ServerResponse } from 'node:http';
import { ApiError } from './api-error.js';
import { readBody, type ReceivedBody } from './body.js';
import { FakeBuckets } from './buckets.js';
import { channelRoutes, checkFiles } from './channels.js';
import { checkCommands } from './command-rules.js';
import { operatorRoutes } from './operator.js';
import { describe, type RestWorld } from './world.js';

/** A request as a test recognises it. */
export interface SeenRequest {
  readonly method: string;
  /** Without the version, tokens included. */
  readonly path: string;
  /** Files that came with it. */
  readonly files: number;
}

interface Hold {
  readonly fits: (request: SeenRequest) => boolean;
  readonly when: 'before' | 'after';
  readonly reached: () => void;
  /** Whether the connection is closed in place of an answer. */
  readonly cut: boolean;
}

type Answer = object | undefined;
type Handler = (world: RestWorld, parts: readonly string[], body: Received) => Answer;

/** A request's body, and what its address says after the question mark. */
interface Received extends ReceivedBody {
  readonly query?: URLSearchParams;
}

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
  #hold: Hold | undefined;
  #stalled: Promise<void> | undefined;
  /** Requests that came and are not answered yet because of `stall`. */
  waiting = 0;

  constructor(world: RestWorld) {
    this.#world = world;
  }

  /** The next such request is never answered; resolves when it has come, and was carried out (`after`) or not. */
  hold(when: Hold['when'], fits: Hold['fits']): Promise<void> {
    return new Promise((reached) => (this.#hold = { when, fits, reached, cut: false }));
  }

  /** As `hold`, and the connection is closed: that of one kept alive which idled too long, just as it is used again. */
  cut(when: Hold['when'], fits: Hold['fits']): Promise<void> {
    return new Promise((reached) => (this.#hold = { when, fits, reached, cut: true }));
  }

  /** Answers nothing, as one that is overloaded, until the answered function is called. */
  stall(): () => void {
    let goOn: () => void = () => undefined;
    this.#stalled = new Promise((resolve) => (goOn = resolve));
    return () => {
      this.#stalled = undefined;
      goOn();
    };
  }

  readonly listener: RequestListener = (request, response) => {
    void this.#serve(request, response).catch((error: unknown) => refuse(response, error));
  };

  async #serve(...[request, response]: Parameters<RequestListener>): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://discord');
    const path = decodeURIComponent(pathname).replace(/^\/api\/v10/, '');
    const method = request.method ?? 'GET';
    response.on('finish', () => {
      if ([401, 403, 429].includes(response.statusCode)) this.invalidAnswers++;
    });
    const body = await readBody(request);
    await this.#stall();
    const route = routes.find((candidate) => candidate.method === method && candidate.path.test(path));
    if (!route) throw new ApiError(404, 0, '404: Not Found');
    const parts = route.path.exec(path)?.slice(1) ?? [];
    this.requests.push(`${method} ${path.replaceAll(/[\w-]{32}/g, 'TOKEN')}`);
    const key = `${method} ${path.startsWith('/interactions') ? path : path.replace(/\/messages\/.*/, '/messages')}`;
    if (!this.buckets.admit(key, response)) return;
    const authorised = request.headers.authorization === `Bot ${this.#world.token}`;
    if (!route.open && !authorised) throw new ApiError(401, 0, '401: Unauthorized');
    const held = this.#takeHold({ method, path, files: body.files.size });
    const leave = ({ reached, cut }: Hold): void => {
      if (cut) request.socket.end();
      reached();
    };
    if (held?.when === 'before') return leave(held);
    const answer = route.handle(this.#world, parts, { ...body, query: searchParams });
    this.#world.changed();
    if (held) return leave(held);
    send(response, answer);
  }

  async #stall(): Promise<void> {
    if (!this.#stalled) return;
    this.waiting++;
    this.#world.changed();
    await this.#stalled;
    this.waiting--;
  }

  #takeHold(request: SeenRequest): Hold | undefined {
    const held = this.#hold?.fits(request) === true ? this.#hold : undefined;
    if (held) this.#hold = undefined;
    return held;
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  else response.writeHead(204).end();
}

function refuse(response: ServerResponse, error: unknown): void {
  const told = error instanceof ApiError ? error : new ApiError(500, 0, String(error));
  response.writeHead(told.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code: told.code, message: told.message }));
}

const routes: readonly Route[] = [
  ...operatorRoutes,
  ...channelRoutes,
  {
    method: 'GET',
    path: /^\/gateway\/bot$/,
    handle: ({ gatewayAddress, operator: { starts } }) => ({
      url: gatewayAddress(),
      shards: 1,
      session_start_limit: {
        total: 1000,
        remaining: starts.remaining,
        reset_after: starts.resetAfter,
        max_concurrency: 1,
      },
    }),
  },
  {
    method: 'PUT',
    path: /^\/applications\/(\d+)\/commands$/,
    handle(world, [application], { json }) {
      if (application !== world.application) throw new ApiError(403, 20_012, 'Not authorized for this application');
      world.registered = checkCommands(json).map((command) => ({ ...command, id: world.clock.snowflake() }));
      world.registrations++;
      return world.registered;
    },
  },
  {
    method: 'POST',
    path: /^\/interactions\/(\d+)\/([\w-]+)\/callback$/,
    open: true,
    handle(world, [id = '', token = ''], body) {
      const { type, original } = world.interactions.callback(id, token, body);
      if (body.query?.get('with_response') !== 'true') return undefined;
      const message = world.messages.get(original ?? '');
      const resource = { type: 5, ...(message && { message: describe(world, message) }) };
      return { interaction: { id, type, response_message_id: original }, resource };
    },
  },
  {
    method: 'PATCH',
    path: /^\/webhooks\/\d+\/([\w-]+)\/messages\/([\w@]+)$/,
    open: true,
    handle(world, [token = '', id = ''], body) {
      const interaction = world.interactions.webhook(token);
      checkFiles(world, interaction.channel, body);
      return describe(world, world.interactions.edit(interaction, id, body));
    },
  },
  {
    method: 'GET',
    path: /^\/webhooks\/\d+\/([\w-]+)\/messages\/([\w@]+)$/,
    open: true,
    handle(world, [token = '', id = '']) {
      return describe(world, world.interactions.messageOf(world.interactions.webhook(token), id));
    },
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
    handle(world, [token = ''], body) {
      const interaction = world.interactions.webhook(token);
      checkFiles(world, interaction.channel, body);
      return describe(world, world.interactions.followUp(interaction, body));
    },
  },
];
