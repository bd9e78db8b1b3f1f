import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import { HTTPException } from 'hono/http-exception';
import type { CommandDefinition } from '../../chat/command-definition.js';
import { renderForm } from '../../chat/form.js';
import type { ChatHost, Visit } from '../../chat/host.js';
import type { Member } from '../../chat/member.js';
import { nameIn, type Presets } from '../../chat/presets.js';
import { PROMPT_KINDS } from '../../chat/prompt-kinds.js';
import { SAMPLED_KINDS, type Samples } from '../../chat/samples.js';
import { nameOfLanguage } from '../../chat/language-name.js';
import type { Glossary } from '../../language/glossary.js';
import {
  directionOf,
  errorText,
  languageOf,
  languages,
  textsOf,
  type Translate,
  translator,
} from '../../language/texts.js';
import { createLanes, type Lanes } from '../../media/lanes.js';
import { createAlbumRoutes } from './album-routes.js';
import { type Asset, ASSET_FOLDERS, PAGE } from './assets.js';
import { streamEvents } from './event-stream.js';
import { readForm, toInvocation, WEB_SERVER } from './form.js';
import type { History } from './history.js';
import { createHistoryRoutes } from './history-routes.js';
import { guardOrigin, isOperator, pageHeaders } from './guard.js';
import type { Env, ChatSession, Sessions } from './sessions.js';
import { createSharedRoutes } from './shared.js';
import { createWordRoutes } from './word-routes.js';

const MAX_BODY = 84 * 1024 * 1024;
/** Of larger messages, in bytes, no more are read at a time than fit into so many: all of one is in memory while it is. */
const LARGE_BODY = 1024 * 1024;
const LARGE_TOGETHER = 3 * MAX_BODY;

/** The languages that members chose for themselves; undefined where they chose none. */
export interface MemberLanguages {
  language(member: Member): Promise<string | undefined>;
  chooseLanguage(member: Member, tag: string | undefined): Promise<void>;
}

export interface RouteOptions {
  readonly host: ChatHost;
  readonly sessions: Sessions;
  readonly assets: ReadonlyMap<string, Asset>;
  readonly commands: readonly CommandDefinition[];
  /** Name of the command a line without a slash is for. */
  readonly fallback: string;
  readonly presets: Presets;
  /** The name or address the server listens on. */
  readonly hostName: string;
  readonly publicUrls?: readonly string[];
  readonly samples: Samples;
  readonly glossary: Glossary;
  readonly maxPhotoBytes: number;
  readonly memberLanguages: MemberLanguages;
  readonly history: History;
  readonly now: () => number;
  /** Called with an error that no command answers for. */
  readonly onError: (error: unknown) => void;
  /** Ends the event streams, once what is on its way has gone out. */
  readonly stopping: AbortSignal;
}

/** The web chat's HTTP interface. */
export function createRoutes(options: RouteOptions): Hono<Env> {
  const app = new Hono<Env>();
  const watching = new Set<() => void>();
  const reading = createLanes(LARGE_TOGETHER);
  options.stopping.addEventListener('abort', () => watching.forEach((leave) => leave()));
  const { hostName: host, publicUrls = [], onError } = options;
  // Hono would write it to standard error as it is, stack and all.
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    onError(error);
    return context.text(errorText(error, translator(localeOf(context) ?? 'en')), 500);
  });
  const misdirected = (context: Context): string => translator(localeOf(context) ?? 'en')('web.misdirected');
  app.use(pageHeaders(), guardOrigin({ host, publicUrls, misdirected }));
  app.get('/', (context) => sendPage(context, options.assets));
  for (const folder of ASSET_FOLDERS) {
    app.get(`${folder}/:name`, (context) => sendAsset(options.assets.get(context.req.path)));
  }
  app.use('/api/*', async (context, next) => {
    const session = findSession(context, options.sessions);
    if (!session) return context.json({ error: 'session' }, 401);
    context.set('session', session);
    context.header('cache-control', 'no-store');
    return next();
  });
  app.get('/samples/:kind/:picture', (context) => sendSample(context, options));
  app.get('/api/setup', async (context) => {
    await renewCookie(context, options);
    return context.json(await describeSetup(context, options));
  });
  app.get('/api/events', (context) => streamEvents(context, watching));
  app.route('/api/albums', createAlbumRoutes(options.history));
  app.route('/api', createSharedRoutes(options.host, visitOf));
  app.post('/api/messages', bodyLimit({ maxSize: MAX_BODY }), (context) =>
    takeMessage(context, { ...options, reading }),
  );
  const languageFor = async (context: Context<Env>): Promise<string> => (await textsFor(context, options)).locale;
  app.route('/api', createWordRoutes(options.glossary, languageFor));
  app.post('/api/jobs/:job/cancel', async (context) => {
    await options.host.cancel(context.req.param('job'), memberOf(context));
    return context.body(null, 204);
  });
  app.post('/api/consent', async (context) => {
    await options.host.consent(memberOf(context));
    closeConsentCards(context.get('session'));
    return context.body(null, 204);
  });
  app.post('/api/decline', async (context) => {
    const t = await textsFor(context, options);
    for (const message of context.get('session').conversation.messages) {
      if (message.kind === 'consent')
        context.get('session').conversation.put({ ...message, kind: 'notice', text: t('web.declined') });
    }
    return context.body(null, 204);
  });
  app.route(
    '/api',
    createHistoryRoutes(options.history, (context) => renewCookie(context, options)),
  );
  app.post('/api/language', async (context) => {
    const { tag } = await context.req.parseBody();
    const chosen = languages.find((known) => known === tag);
    await options.memberLanguages.chooseLanguage(memberOf(context), chosen);
    return context.body(null, 204);
  });
  app.post('/api/clear', (context) => {
    clearFinished(context.get('session'));
    return context.body(null, 204);
  });
  return app;
}

function memberOf(context: Context<Env>): Member {
  return { platform: 'web', id: context.get('session').id };
}

/** Who looks at what everyone in the web chat shares. */
function visitOf(context: Context<Env>): Visit {
  const locale = localeOf(context);
  return {
    member: memberOf(context),
    server: { platform: 'web', id: WEB_SERVER },
    ...(locale !== undefined && { locale }),
  };
}

/** The browser's first language, where there are texts in it. */
function localeOf(context: Context): string | undefined {
  return languageOf(context.req.header('accept-language')?.split(/[,;]/)[0]?.trim() ?? '');
}

/** The browser's session; the first thing that the page asks for makes one, so that no monitor of `/` does. */
function findSession(context: Context, sessions: Sessions): ChatSession | undefined {
  const known = sessions.find(getCookie(context, sessions.cookieName));
  if (known || context.req.path !== '/api/setup') return known;
  return sessions.create();
}

const COOKIE = { httpOnly: true, sameSite: 'Strict', path: '/' } as const;

/** A browser that keeps albums is known for as long as they are kept, and not until it is closed. */
async function renewCookie(
  context: Context<Env>,
  { sessions, history }: Pick<RouteOptions, 'sessions' | 'history'>,
): Promise<void> {
  const session = context.get('session');
  const lasting = (await history.isOn(session.id)) && { maxAge: Math.min(history.days, LONGEST_COOKIE) * 24 * 60 * 60 };
  setCookie(context, sessions.cookieName, sessions.cookieOf(session), { ...COOKIE, ...lasting });
}

/** Days that browsers keep a cookie at most. */
const LONGEST_COOKIE = 400;

function sendPage(context: Context, assets: RouteOptions['assets']): Response | Promise<Response> {
  const page = assets.get(PAGE);
  if (!page) return context.notFound();
  return context.body(page.body, 200, { 'content-type': page.type, 'cache-control': 'no-store' });
}

function sendAsset(asset: Asset | undefined): Response {
  if (!asset) return new Response('Not found', { status: 404 });
  return new Response(asset.body, { headers: { 'content-type': asset.type, 'cache-control': 'no-cache' } });
}

/** The language the member chose, else the browser's. */
async function textsFor(
  context: Context<Env>,
  { memberLanguages }: Pick<RouteOptions, 'memberLanguages'>,
): Promise<Translate> {
  return translator((await memberLanguages.language(memberOf(context))) ?? localeOf(context) ?? 'en');
}

/** What the page is told before anything else; it speaks the language the member chose, else the browser's. */
async function describeSetup(context: Context<Env>, options: RouteOptions): Promise<object> {
  const { commands, presets, samples, fallback, maxPhotoBytes, memberLanguages } = options;
  const chosen = await memberLanguages.language(memberOf(context));
  const t = await textsFor(context, options);
  return {
    locale: t.locale,
    chosen,
    languages: languages.map((tag) => ({ tag, name: nameOfLanguage(tag) })),
    direction: directionOf(t.locale),
    texts: textsOf('web', t.locale),
    consent: t('consent.ask'),
    operator: isOperator(context),
    historyDays: options.history.days,
    commands: commands.map((command) => renderForm(command, presets, t)),
    pictures: await picturesOf({ presets, samples }, t.locale),
    fallback,
    maxPhotoBytes,
  };
}

/** By the option that chooses them, the names of presets in a language, each with the address of its picture. */
async function picturesOf(
  { presets, samples }: Pick<RouteOptions, 'presets' | 'samples'>,
  locale: string,
): Promise<Record<string, Record<string, string>>> {
  const lists: Record<string, Record<string, string>> = {};
  for (const { option, from } of PROMPT_KINDS) {
    const pictured = new Set(await samples.pictured(from));
    const named = presets[from].flatMap((preset, index) =>
      pictured.has(preset.name) ? [[nameIn(locale, preset), `samples/${from}/${index}.jpg`] as const] : [],
    );
    lists[option] = Object.fromEntries(named);
  }
  return lists;
}

/** The picture of a preset, by its list and its place there. */
async function sendSample(context: Context, { presets, samples }: RouteOptions): Promise<Response> {
  const { kind, picture } = context.req.param();
  const from = SAMPLED_KINDS.find((candidate) => candidate === kind);
  const [, index] = /^(\d{1,4})\.jpg$/.exec(picture ?? '') ?? [];
  const preset = from && presets[from][Number(index ?? Number.NaN)];
  const tile = preset && (await samples.tile(from, preset.name));
  if (!tile) return context.notFound();
  return context.body(Uint8Array.from(tile), 200, { 'content-type': 'image/jpeg', 'cache-control': 'no-cache' });
}

/** Puts the message into the conversation and hands it on; the answer comes by the event stream. */
async function takeMessage(
  context: Context<Env>,
  options: RouteOptions & { readonly reading: Lanes },
): Promise<Response> {
  const parse = () => context.req.parseBody({ all: true });
  // One that comes in pieces does not say how long it is.
  const bytes = Number(context.req.header('content-length') ?? MAX_BODY);
  const large = bytes > LARGE_BODY;
  const message = readForm(await (large ? options.reading.run(context.get('session').id, parse, bytes) : parse()));
  if (!message) return context.json({ error: 'message' }, 400);
  const session = context.get('session');
  const id = `member:${message.key}`;
  const known = session.conversation.get(id) !== undefined;
  if (known && !message.resent) return context.body(null, 202);
  if (!known) {
    const { key, text, photos } = message;
    session.conversation.put({ id, key, at: options.now(), kind: 'member', text, photos: photos.length });
  }
  const { commands, fallback } = options;
  const said = { commands, fallback, locale: localeOf(context), operator: isOperator(context) };
  const invocation = toInvocation(message, session, said);
  await options.host.begin(invocation);
  void options.host.invoke(invocation);
  return context.body(null, 202);
}

/** What was agreed to stays to be read; the button goes. */
function closeConsentCards({ conversation }: ChatSession): void {
  for (const message of conversation.messages) {
    if (message.kind === 'consent') conversation.put({ ...message, kind: 'text' });
  }
}

/** Empties the conversation but for jobs under way and the messages that asked for them. */
function clearFinished({ conversation }: ChatSession): void {
  const busy = new Set(conversation.messages.filter(({ kind }) => kind === 'status').map(({ key }) => key));
  for (const { id, key } of conversation.messages) if (!busy.has(key)) conversation.remove(id);
}
