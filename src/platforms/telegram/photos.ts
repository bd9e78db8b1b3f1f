import type { Message } from 'telegraf/types';
import { LikenessError } from '../../../pipeline/errors.js';
import { readCapped } from '../capped.js';
import type { Attachment } from '../platform.js';
import type { CarefulTelegram } from './client.js';

/** A picture somebody sent, by its id on Telegram's side. */
export interface SentPhoto {
  readonly file: string;
  readonly name: string;
  readonly type: string;
  /** Bytes, as Telegram says. */
  readonly size: number;
  /** Who sent it. */
  readonly owner: string;
}

/** The picture of a message: a photo in its largest size, or a file of whatever kind. */
export function photoOf(message: Message): SentPhoto | undefined {
  const owner = String(message.from?.id ?? '');
  if ('photo' in message) {
    const largest = message.photo.at(-1);
    return (
      largest && { file: largest.file_id, name: 'photo.jpg', type: 'image/jpeg', size: largest.file_size ?? 0, owner }
    );
  }
  if (!('document' in message)) return undefined;
  const {
    file_id: file,
    file_name: name = 'file',
    mime_type: type = 'application/octet-stream',
    file_size: size = 0,
  } = message.document;
  return { file, name, type, size, owner };
}

export interface DownloadOptions {
  readonly telegram: CarefulTelegram;
  readonly maxBytes: number;
}

/** A picture whose bytes are fetched, from the Bot API alone, when they are read. */
export function toAttachment({ file, name, type, size }: SentPhoto, options: DownloadOptions): Attachment {
  return { name, type, size, read: () => download(file, options) };
}

const TIMEOUT = 60_000;

/**
 * Fetches a file. Its link holds the bot's token, so neither the link nor what failed of it is passed on.
 * @throws LikenessError `photo-unreachable`, `file-too-large`.
 */
async function download(file: string, { telegram, maxBytes }: DownloadOptions): Promise<Uint8Array> {
  const { file_path: path = '' } = await telegram.getFile(file).catch(unreachable);
  const { apiRoot } = telegram.options;
  const folder = new URL(`./file/bot${telegram.token}/`, apiRoot);
  const url = new URL(path.split('/').map(encodeURIComponent).join('/'), folder);
  if (path === '' || !url.href.startsWith(folder.href)) throw new LikenessError('photo-unreachable');
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT) });
    if (!response.ok || !response.body) return unreachable();
    return await readCapped(response.body, maxBytes);
  } catch (error) {
    if (error instanceof LikenessError) throw error;
    return unreachable();
  }
}

function unreachable(): never {
  throw new LikenessError('photo-unreachable');
}
