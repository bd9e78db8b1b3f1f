import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { explainListening, type ListeningPlace } from '../errors.js';

/** Milliseconds that answers on their way are waited for when a server stops. */
const STOP_GRACE = 2000;

/** Connections at a time: whoever opens more of them takes up no more of the system's. */
const MAX_CONNECTIONS = 1000;
/** Milliseconds until a request has to be there whole: four large photos over a slow line. */
const REQUEST_PATIENCE = 180_000;

/** An HTTP server that can be stopped without cutting off an answer, and without waiting for browsers to hang up. */
export interface Listener {
  readonly server: Server;
  /** @throws LikenessError `port-in-use`, `address-unusable`; else the system's error. */
  start(listener: RequestListener, where: ListeningPlace): Promise<void>;
  stop(): Promise<void>;
}

export function createListener(): Listener {
  const server = createServer({ requestTimeout: REQUEST_PATIENCE });
  server.maxConnections = MAX_CONNECTIONS;
  let answering = 0;
  let idle: (() => void) | undefined;
  return {
    server,
    async start(listener, where) {
      server.on('request', (request, response) => {
        answering++;
        response.on('close', () => {
          answering--;
          if (answering === 0) idle?.();
        });
        listener(request, response);
      });
      server.listen(where.port, where.host);
      await once(server, 'listening').catch((error: unknown) => {
        throw explainListening(error, where);
      });
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      if (answering > 0) await answered((resolve) => (idle = resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Resolves when told that every answer is out, or when the grace is over. */
async function answered(tell: (resolve: () => void) => void): Promise<void> {
  await new Promise<void>((resolve) => {
    const grace = setTimeout(resolve, STOP_GRACE);
    tell(() => {
      clearTimeout(grace);
      resolve();
    });
  });
}
