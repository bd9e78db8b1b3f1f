import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Command } from '../../../commands/command.js';
import type { Presets } from '../../../commands/presets.js';
import type { ChatPlatform } from '../platform.js';
import { readAssets } from './assets.js';
import { createWebReply } from './reply.js';
import { createRoutes } from './routes.js';
import { Conversation } from './conversation.js';
import { createSessions } from './sessions.js';

export interface WebPlatformOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly commands: readonly Command[];
  /** The command that words without a slash are for, and that albums come from. */
  readonly defaultCommand: Command;
  readonly presets: Presets;
  readonly maxPhotoBytes: number;
  readonly now?: () => number;
}

/** The web chat, and the address it can be opened at. */
export interface WebPlatform extends ChatPlatform {
  /** Known once started. */
  readonly address: string;
}

/** A chat page served to browsers on this machine. Everything it keeps is in memory. */
export function createWebPlatform(options: WebPlatformOptions): WebPlatform {
  const { host: hostName, defaultCommand, now = Date.now } = options;
  const sessions = createSessions();
  const server = createServer();
  return {
    name: 'web',
    statusInterval: 200,
    get address() {
      return addressOf(server, hostName);
    },
    async start(host) {
      const app = createRoutes({
        ...options,
        host,
        hostName,
        sessions,
        now,
        assets: readAssets(),
        fallback: defaultCommand.name,
      });
      const listener = getRequestListener(app.fetch);
      server.on('request', (request, response) => void listener(request, response));
      server.listen(options.port, hostName);
      await once(server, 'listening');
    },
    reply({ session, key = '' }) {
      // A conversation that is gone takes its answers along.
      const conversation = sessions.find(session)?.conversation ?? new Conversation();
      return createWebReply({ conversation, key, albumCommand: defaultCommand, now });
    },
    async forget({ id }) {
      sessions.find(id)?.conversation.clear();
    },
    async stop() {
      const closed = server.listening ? once(server, 'close') : undefined;
      server.close();
      server.closeAllConnections();
      await closed;
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
