import { type Context, Hono } from 'hono';
import { drawAvatar } from '../../media/avatar.js';
import { writeZip } from '../../media/zip.js';
import { findPicture, findPictures } from './history-routes.js';
import type { History } from './history.js';
import type { Env } from './sessions.js';

/** The pictures of a browser's albums: a preview, a portrait to keep, an avatar, and the album as one file. */
export function createAlbumRoutes(history: History): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/:job/album.zip', (context) => sendAlbum(context, history));
  app.get('/:job/:picture', (context) => sendPicture(context, history));
  return app;
}

async function sendPicture(context: Context<Env>, history: History): Promise<Response> {
  const { job, picture } = context.req.param();
  const [, index, kind] = /^(\d{1,2})(\.jpg|\.png|-avatar\.png)$/.exec(picture ?? '') ?? [];
  const found = await findPicture(context.get('session'), { job: job ?? '', index: Number(index) }, history);
  if (!found || kind === undefined) return context.notFound();
  if (kind === '.jpg') return sendFile(context, { type: 'image/jpeg', bytes: found.preview });
  const file = await found.file.read();
  const bytes = kind === '.png' ? file : await drawAvatar(file, found.face);
  return sendFile(context, { type: 'image/png', bytes, name: found.name + kind });
}

/** Sends bytes; with a name, as a file to keep. */
function sendFile(
  context: Context,
  { type, bytes, name }: { readonly type: string; readonly bytes: Uint8Array; readonly name?: string },
): Response {
  const disposition = name !== undefined && { 'content-disposition': `attachment; filename="${name}"` };
  return context.body(Uint8Array.from(bytes), 200, { 'content-type': type, ...disposition });
}

/** The whole album as one file. */
async function sendAlbum(context: Context<Env>, history: History): Promise<Response> {
  const pictures = await findPictures(context.get('session'), context.req.param('job') ?? '', history);
  const [first] = pictures;
  if (!first) return context.notFound();
  const files = await Promise.all(
    pictures.map(async ({ name, file }) => ({ name: `${name}.png`, bytes: await file.read() })),
  );
  return context.body(writeZip(files), 200, {
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="${first.name.replace(/-\d+$/, '')}.zip"`,
  });
}
