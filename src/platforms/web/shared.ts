import { type Context, Hono } from 'hono';
import type { ChatHost, Visit } from '../../chat/host.js';
import type { Env } from './sessions.js';

/** What everyone in the web chat shares, as one of them may see it: the event, its entries, the queue. */
export function createSharedRoutes(
  host: Pick<ChatHost, 'event' | 'entry' | 'queue'>,
  visitOf: (context: Context<Env>) => Visit,
): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/event', async (context) => context.json(await host.event(visitOf(context))));
  app.get('/queue', async (context) => context.json(await host.queue(visitOf(context))));
  app.get('/event/:picture{[0-9]{1,7}\\.jpg}', async (context) => {
    const picture = await host.entry(visitOf(context), Number.parseInt(context.req.param('picture'), 10));
    if (!picture) return context.notFound();
    return context.body(Uint8Array.from(picture.bytes), 200, { 'content-type': picture.type });
  });
  return app;
}
