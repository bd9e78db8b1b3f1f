import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { ConversationEvent } from './conversation.js';
import type { Env } from './sessions.js';

/** Milliseconds between two signs of life on an idle event stream. */
const KEEP_ALIVE = 20_000;
/** Bytes of changes that may wait for a page to read them. */
const MAX_WAITING = 1024 * 1024;

/**
 * Tells one page what happens, until it goes, does not read what it is told, or `watching` is told to leave. A page whose
 * stream was cut opens another, and is told everything anew.
 */
export function streamEvents(context: Context<Env>, watching: Set<() => void>): Response {
  const { conversation } = context.get('session');
  const { outgoing } = context.env;
  // nginx holds back what it could send on at once else.
  context.header('x-accel-buffering', 'no');
  // Of the answer to a HEAD nothing is sent, so that nobody would ever stop watching.
  if (context.req.method === 'HEAD') return context.body(null, 200, { 'content-type': 'text/event-stream' });
  return streamSSE(context, async (stream) => {
    let waiting = 0;
    const tell = async (event: ConversationEvent): Promise<void> => {
      if (waiting > MAX_WAITING) return void outgoing.destroy();
      const data = JSON.stringify(event);
      // Everything there is, told at the beginning, may be large and on its way for a while.
      const bytes = event.type === 'all' ? 0 : data.length;
      waiting += bytes;
      await stream.writeSSE({ data });
      waiting -= bytes;
    };
    let read = true;
    const showLife = async (): Promise<void> => {
      // Nothing was read since the last one.
      if (!read) return void outgoing.destroy();
      read = false;
      await stream.writeSSE({ event: 'alive', data: '' });
      read = true;
    };
    const stopWatching = conversation.watch((event) => void tell(event));
    const keepAlive = setInterval(() => void showLife(), KEEP_ALIVE);
    await new Promise<void>((leave) => {
      stream.onAbort(leave);
      watching.add(leave);
      stream.onAbort(() => void watching.delete(leave));
    });
    clearInterval(keepAlive);
    stopWatching();
  });
}
