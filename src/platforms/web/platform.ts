import { randomBytes, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import type { CommandDefinition } from '../../chat/command-definition.js';
import type { ChatPlatform } from '../../chat/platform.js';
import type { Presets } from '../../chat/presets.js';
import type { Samples } from '../../chat/samples.js';
import type { Glossary } from '../../language/glossary.js';
import { createListener } from '../listener.js';
import { readAssets } from './assets.js';
import { Conversation, type SharedPart } from './conversation.js';
import type { History, KeptAlbum } from './history.js';
import { createWebReply, putPost } from './reply.js';
import { createRoutes, type MemberLanguages } from './routes.js';
import { createSessions } from './sessions.js';

/** Milliseconds an open page has to fetch the pictures of an album that came just before the chat stopped. */
const FETCH_GRACE = 3000;

export interface WebPlatformOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Addresses that the page is reached by from outside, beside the one it listens on. */
  readonly publicUrls?: readonly string[];
  readonly commands: readonly CommandDefinition[];
  /** The command that words without a slash are for, and that albums come from. */
  readonly defaultCommand: CommandDefinition;
  readonly presets: Presets;
  readonly samples: Samples;
  /** What words the model knows, while they are written. */
  readonly glossary: Glossary;
  readonly maxPhotoBytes: number;
  readonly memberLanguages: MemberLanguages;
  /** The albums that browsers keep. */
  readonly history: History;
  /** Called when something failed that no command answers for. */
  readonly onError: (error: unknown) => void;
  /** What sessions are signed with; without one they end with this process. */
  readonly sessionKey?: Uint8Array;
  readonly now?: () => number;
}

/** The web chat, and the address it can be opened at. */
export interface WebPlatform extends ChatPlatform {
  /** Known once started. */
  readonly address: string;
}

/** A chat page served to browsers on this machine. What it keeps is in memory, but for the albums that browsers want kept. */
export function createWebPlatform(options: WebPlatformOptions): WebPlatform {
  const { host: hostName, defaultCommand, sessionKey = randomBytes(32), now = Date.now } = options;
  const sessions = createSessions(sessionKey);
  const listener = createListener();
  const stopping = new AbortController();
  const tellAll = (part: SharedPart): void =>
    sessions.all().forEach(({ conversation }) => conversation.tellChanged(part));
  const { history } = options;
  const keeping = new Set<Promise<void>>();
  /** Keeps an album where its browser wants that, once its pages have what they show. */
  const keepAlbum = (session: string, conversation: Conversation, album: KeptAlbum): void => {
    const kept = Promise.race([conversation.fetched(), delay(FETCH_GRACE, undefined, { ref: false })])
      .then(() => history.keep(session, album))
      .then((isKept) => void (isKept && conversation.tellChanged('albums')))
      .catch(options.onError)
      .finally(() => keeping.delete(kept));
    keeping.add(kept);
  };
  let unwatch = (): void => undefined;
  return {
    name: 'web',
    statusInterval: 200,
    get address() {
      return addressOf(listener.server, hostName);
    },
    async start(host) {
      const app = createRoutes({
        ...options,
        host,
        hostName,
        sessions,
        now,
        assets: readAssets(),
        stopping: stopping.signal,
        fallback: defaultCommand.name,
      });
      unwatch = host.watchQueue(() => tellAll('queue'));
      const answer = getRequestListener(app.fetch);
      await listener.start((request, response) => void answer(request, response), {
        host: hostName,
        port: options.port,
        setting: 'LIKENESS_HOST',
      });
    },
    // After a restart the session is there before its browser comes back; its earlier messages are gone.
    restore: ({ session = '' }) => void sessions.restore(session),
    reply({ session = '', key = '' }) {
      const conversation = sessions.restore(session)?.conversation ?? new Conversation();
      const onAlbum = (album: KeptAlbum): void => keepAlbum(session, conversation, album);
      return createWebReply({ conversation, key, albumCommand: defaultCommand, onAlbum, now });
    },
    async post(_, post, earlier = randomUUID()) {
      for (const { conversation } of sessions.all()) putPost(conversation, earlier, { ...post, at: now() });
      tellAll('event');
      return earlier;
    },
    async forget({ id }) {
      await history.forget(id);
      sessions
        .all()
        .find((session) => session.id === id)
        ?.conversation.clear();
    },
    async stop() {
      unwatch();
      const fetched = Promise.all(sessions.all().map(({ conversation }) => conversation.fetched()));
      await Promise.race([fetched, delay(FETCH_GRACE, undefined, { ref: false })]);
      stopping.abort();
      await listener.stop();
      await Promise.all(keeping);
    },
  };
}

function addressOf(server: Server, host: string): string {
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}/`;
}
