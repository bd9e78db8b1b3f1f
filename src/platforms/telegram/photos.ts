import type { Message } from 'telegraf/types';
import type { Attachment } from '../../chat/invocation.js';
import { LikenessError } from '../../errors.js';
import { checkFileSize } from '../../media/file-size.js';
import { fetchCapped } from '../capped.js';
import type { CarefulTelegram } from './client.js';
import { TelegramFailure } from './failure.js';

/** A picture somebody sent, or another file beside pictures, by its id on Telegram's side. */
export interface SentPhoto {
  readonly file: string;
  readonly name: string;
  readonly type: string;
  /** Bytes, as Telegram says. */
  readonly size: number;
  /** Who sent it. */
  readonly owner: string;
}

/** The Bot API hands out no larger files, in bytes. */
const MAX_SERVED = 20 * 1024 * 1024;

/** The picture of a message: a photo in its largest size, or a file of whatever kind. */
export function photoOf(message: Message): SentPhoto | undefined {
  const owner = ownerOf(message);
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

/** The file of a message of an album: its picture, or what came beside pictures. */
export function fileOf(message: Message): SentPhoto | undefined {
  const media = 'video' in message ? message.video : 'audio' in message ? message.audio : undefined;
  if (!media) return photoOf(message);
  const kind = 'video' in message ? 'video' : 'audio';
  const { file_id: file, file_name: name = kind, mime_type: type = `${kind}/unknown`, file_size: size = 0 } = media;
  return { file, name, type, size, owner: ownerOf(message) };
}

/** Who sent a picture first; of a forwarded one it may be unknown, and is then empty. */
function ownerOf(message: Message): string {
  const origin = 'forward_origin' in message ? message.forward_origin : undefined;
  if (!origin) return String(message.from?.id ?? '');
  return origin.type === 'user' ? String(origin.sender_user.id) : '';
}

/** Why a file is no photo, as far as Telegram says what it is; of a file without a type nothing is known. */
export function whyUnusable({ type, size }: SentPhoto, maxBytes: number): LikenessError | undefined {
  if (!/^image\/|^application\/octet-stream$/.test(type)) return new LikenessError('not-an-image');
  try {
    checkFileSize(size, maxBytes);
    return undefined;
  } catch (error) {
    if (error instanceof LikenessError) return error;
    throw error;
  }
}

export interface DownloadOptions {
  readonly telegram: CarefulTelegram;
  readonly maxBytes: number;
}

/** A picture whose bytes are fetched, from the Bot API alone, when they are read. */
export function toAttachment(photo: SentPhoto, options: DownloadOptions): Attachment {
  const { name, type, size } = photo;
  return { name, type, size, read: () => download(photo, options) };
}

/**
 * Fetches a file. Its link holds the bot's token and is passed on to nobody.
 * @throws LikenessError `photo-unreachable`, `file-too-large`.
 */
async function download({ file, size }: SentPhoto, { telegram, maxBytes }: DownloadOptions): Promise<Uint8Array> {
  checkFileSize(size, maxBytes);
  const { file_path: path = '' } = await telegram.getFile(file).catch((error: unknown) => explain(error, size));
  const { apiRoot } = telegram.options;
  const folder = new URL(`./file/bot${telegram.token}/`, apiRoot);
  const url = new URL(`${folder.href}${path.split('/').map(encodeURIComponent).join('/')}`);
  if (path === '' || !url.href.startsWith(folder.href)) throw new LikenessError('photo-unreachable');
  return fetchCapped(url.href, { origins: [folder.origin], maxBytes });
}

/** What the Bot API says of files it does not hand out. */
function explain(error: unknown, size: number): never {
  const tooBig = error instanceof TelegramFailure && /file is too big/i.test(error.description);
  if (tooBig) checkFileSize(Math.max(size, MAX_SERVED + 1), MAX_SERVED);
  throw new LikenessError('photo-unreachable', {}, { cause: error });
}
