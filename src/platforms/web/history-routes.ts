import { type Context, Hono } from 'hono';
import type { AlbumPicture } from '../../chat/picture.js';
import type { Message } from './conversation.js';
import type { History } from './history.js';
import type { ChatSession, Env } from './sessions.js';

/** What the page shows of the albums that its browser keeps. */
export interface HistoryView {
  readonly on: boolean;
  readonly days: number;
  /** The newest first, as messages of the conversation. */
  readonly albums: readonly Message[];
}

/** The albums a browser keeps, the switch for that, and deleting: an album is deleted wherever it is. */
export function createHistoryRoutes(
  history: History,
  renewCookie: (context: Context<Env>) => Promise<void>,
): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/history', async (context) => context.json(await describe(history, context.get('session').id)));
  app.post('/history', async (context) => {
    const { on } = await context.req.parseBody();
    const { id, conversation } = context.get('session');
    await history.turn(id, on === 'yes');
    await renewCookie(context);
    conversation.tellChanged('albums');
    return context.body(null, 204);
  });
  app.post('/albums/:job/:picture{[0-9]{1,2}}/delete', async (context) => {
    const { job, picture } = context.req.param();
    const { id, conversation } = context.get('session');
    conversation.removePicture(idOf(job), Number(picture));
    await history.remove(id, job, Number(picture));
    conversation.tellChanged('albums');
    return context.body(null, 204);
  });
  app.post('/albums/:job/delete', async (context) => {
    const { id, conversation } = context.get('session');
    const { job } = context.req.param();
    conversation.remove(idOf(job));
    await history.remove(id, job);
    conversation.tellChanged('albums');
    return context.body(null, 204);
  });
  return app;
}

const idOf = (job: string): string => `album:${job}`;

async function describe(history: History, session: string): Promise<HistoryView> {
  const past = await history.list(session);
  const albums = past.map(({ job, at, content }): Message => ({ ...content, id: idOf(job), key: job, at }));
  return { on: await history.isOn(session), days: history.days, albums };
}

/** One picture of an album of the conversation, or of one that is kept. */
export async function findPicture(
  { id, conversation }: ChatSession,
  { job, index }: { readonly job: string; readonly index: number },
  history: History,
): Promise<AlbumPicture | undefined> {
  return conversation.picture(idOf(job), index) ?? history.picture(id, job, index);
}

/** All pictures of such an album. */
export async function findPictures(
  { id, conversation }: ChatSession,
  job: string,
  history: History,
): Promise<readonly AlbumPicture[]> {
  const pictures = conversation.pictures(idOf(job));
  return pictures.length > 0 ? pictures : history.pictures(id, job);
}
