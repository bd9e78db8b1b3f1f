import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createMethods, type Method, type Told } from './methods.js';
import type { TelegramTiming } from '../../../src/platforms/telegram/platform.js';
import type { Call } from './rules.js';
import { clockAt, timingAt } from './timing.js';
import { Updates } from './updates.js';
import { Refusal, World } from './world.js';
import { Watchers } from '../watchers.js';

/** Fields that hold JSON where a call comes as a form, and in which JSON may come as text. */
const nested = new Set(['reply_parameters', 'reply_markup', 'media', 'entities', 'scope', 'commands', 'message_ids']);

/** What makes a bot a certain one: its token, where Telegram is, and what time is there. */
export interface BotConnection extends TelegramTiming {
  readonly token: string;
  readonly apiRoot: string;
}

/** The Bot API on loopback, which holds a bot to Telegram's rules. */
export class FakeTelegram {
  readonly token = '4503599627370000:AAfake-Secret_of_the_bot';
  readonly world: World;
  readonly updates = new Updates();
  readonly told: Told = { actions: [], commands: new Map(), presses: new Map() };
  /** Addresses of files fetched, in their order. */
  readonly fetched: string[] = [];
  /** Methods called, in their order. */
  readonly calls: string[] = [];
  readonly #server: Server;
  readonly #methods: Readonly<Record<string, Method>>;
  readonly #failures = new Map<string, 'before' | 'after'>();
  readonly #held = new Map<string, { readonly when: 'before' | 'after'; readonly reached: () => void }>();
  readonly #watchers = new Watchers();

  private constructor(
    server: Server,
    readonly speed?: number,
  ) {
    this.#server = server;
    this.world = new World(speed === undefined ? undefined : clockAt(speed));
    this.#methods = createMethods(this.world, this.told);
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  /** Time stands still but for `world.advance`, or runs so many times as fast as here; a bot at `connection` keeps to it. */
  static async start({ speed }: { readonly speed?: number } = {}): Promise<FakeTelegram> {
    // Never closed for being idle: on a busy machine that happens just as the bot sends something.
    const server = createServer({ keepAliveTimeout: 0 });
    const fake = new FakeTelegram(server, speed);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return fake;
  }

  get apiRoot(): string {
    const bound = this.#server.address();
    return `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
  }

  /** What a bot is given to be this one, at its pace. */
  get connection(): BotConnection {
    const { token, apiRoot, speed } = this;
    return { token, apiRoot, ...(speed !== undefined && timingAt(speed)) };
  }

  /** The next call of a method is cut off: before anything was done, or after it was done but before the answer. */
  cutOff(method: string, when: 'before' | 'after'): void {
    this.#failures.set(method, when);
  }

  /** The next call of a method is never answered; resolves when it has come, and was carried out (`after`) or not. */
  hold(method: string, when: 'before' | 'after'): Promise<void> {
    return new Promise((reached) => this.#held.set(method, { when, reached }));
  }

  /** Resolves with what `look` finds, as soon as it finds something; it looks again after every call. */
  until<Found>(look: () => Found | undefined): Promise<Found> {
    return this.#watchers.until(look);
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, folder = '', ...rest] = decodeURIComponent(request.url ?? '').split('/');
    if (folder === 'file') {
      this.fetched.push(request.url ?? '');
      return this.#sendFile(rest, response);
    }
    const method = rest[0] ?? '';
    const cut = this.#failures.get(method);
    this.#failures.delete(method);
    if (cut === 'before') return void request.socket.destroy();
    const held = this.#held.get(method);
    if (held?.when === 'before') {
      this.#held.delete(method);
      return held.reached();
    }
    const result = await this.#run(request, response, { folder, method }).catch((error: unknown) => describe(error));
    this.#watchers.look();
    // A call that was refused, for coming too soon for one, is made again.
    if (held && result.ok) {
      this.#held.delete(method);
      return held.reached();
    }
    if (cut === 'after') return void request.socket.destroy();
    response.writeHead('error_code' in result ? result.error_code : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(result));
  }

  async #run(
    request: IncomingMessage,
    response: ServerResponse,
    { folder, method }: { readonly folder: string; readonly method: string },
  ): Promise<{ readonly ok: true; readonly result: unknown }> {
    const call = await readCall(request);
    if (folder !== `bot${this.token}`) throw new Refusal(401, 'Unauthorized');
    this.calls.push(method);
    return { ok: true, result: await this.#call(method, call, response) };
  }

  #call(method: string, call: Call, response: ServerResponse): unknown {
    if (method === 'setWebhook') return this.updates.setWebhook(call.fields);
    if (method === 'deleteWebhook') return this.updates.deleteWebhook();
    if (method === 'getWebhookInfo') return this.updates.webhookInfo;
    if (method === 'getUpdates') {
      const gone = new AbortController();
      response.on('close', () => gone.abort());
      const { offset = 0, timeout = 0, allowed_updates: kinds } = call.fields;
      this.updates.allow(kinds);
      return this.updates.poll(Number(offset), Number(timeout) > 0, gone.signal);
    }
    const run = this.#methods[method];
    if (!run) throw new Refusal(404, `Not Found: method ${method} is not known`);
    return run(call);
  }

  #sendFile(rest: readonly string[], response: ServerResponse): void {
    const path = rest.slice(1).join('/');
    const file = [...this.world.files.values()].find((stored) => stored.path === path);
    const known = rest[0] === `bot${this.token}` && file;
    response.writeHead(known ? 200 : 404);
    response.end(known ? file.bytes : undefined);
  }
}

function describe(error: unknown) {
  if (!(error instanceof Refusal)) throw error;
  const { code, description, parameters } = error;
  return { ok: false as const, error_code: code, description, parameters };
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const type = request.headers['content-type'] ?? '';
  const files = new Map<string, File>();
  const fields: Record<string, unknown> = {};
  if (type.startsWith('multipart/')) {
    const form = await new Response(Buffer.concat(chunks), { headers: { 'content-type': type } }).formData();
    for (const [name, value] of form) {
      if (typeof value === 'string') fields[name] = value;
      else files.set(name, value);
    }
  } else {
    Object.assign(fields, JSON.parse(Buffer.concat(chunks).toString() || '{}'));
  }
  for (const name of nested) {
    const given = fields[name];
    if (typeof given === 'string') fields[name] = JSON.parse(given);
  }
  return { fields, files };
}
