import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createListener } from '../platforms/listener.js';
import type { Health } from './health.js';
import type { Metrics } from './metrics.js';

export interface OperationsOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly health: Health;
  readonly metrics: Pick<Metrics, 'contentType' | 'text'>;
}

/** The HTTP server of whoever runs the program; members never see it. */
export interface OperationsServer {
  /** @throws LikenessError `port-in-use`. */
  start(): Promise<void>;
  /** Known once started. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Serves `/healthz` (the process answers), `/readyz` (requests can be fulfilled) and `/metrics`, and nothing else. */
export function createOperationsServer({ host, port, health, metrics }: OperationsOptions): OperationsServer {
  const app = new Hono();
  const listener = createListener();
  app.use(async (context, next) => {
    context.header('cache-control', 'no-store');
    await next();
  });
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', (context) => {
    const { hindrances } = health;
    const ready = hindrances.length === 0;
    return context.json({ ready, hindrances }, ready ? 200 : 503);
  });
  app.get('/metrics', async (context) =>
    context.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  );
  return {
    get address() {
      const bound = listener.server.address();
      const chosen = typeof bound === 'object' && bound !== null ? bound.port : port;
      return `http://${host.includes(':') ? `[${host}]` : host}:${chosen}/`;
    },
    async start() {
      const answer = getRequestListener(app.fetch);
      const place = { host, port, setting: 'LIKENESS_METRICS_HOST' };
      await listener.start((request, response) => void answer(request, response), place);
    },
    stop: () => listener.stop(),
  };
}
