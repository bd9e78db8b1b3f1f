import { LikenessError } from '../../../pipeline/errors.js';
import { checkSize, readCapped } from '../capped.js';
import type { Attachment } from '../platform.js';

/** Where Discord serves what members upload; nothing is ever fetched from elsewhere. */
export const CDN_ORIGINS: readonly string[] = ['https://cdn.discordapp.com', 'https://media.discordapp.net'];

const TIMEOUT = 30_000;

/** An uploaded file as Discord describes it. */
export interface UploadedFile {
  readonly name: string;
  readonly contentType: string | null;
  readonly size: number;
  readonly url: string;
}

export interface FetchRules {
  /** Scheme, host and port that may be fetched from, compared exactly. */
  readonly origins: readonly string[];
  readonly maxBytes: number;
}

/** A member's upload; its bytes are fetched when they are read, from Discord alone and never more than the limit. */
export function toAttachment(file: UploadedFile, rules: FetchRules): Attachment {
  const { name, size, contentType, url } = file;
  return {
    name,
    type: contentType ?? 'application/octet-stream',
    size,
    async read() {
      checkSize(size, rules.maxBytes);
      return fetchFile(url, rules);
    },
  };
}

/**
 * Fetches a file of Discord's.
 * @throws LikenessError `file-too-large`, or `photo-unreachable` when the link expired, leads elsewhere or does not answer.
 */
export async function fetchFile(url: string, rules: FetchRules): Promise<Uint8Array> {
  if (!rules.origins.includes(originOf(url))) throw new LikenessError('photo-unreachable');
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT) });
    if (!response.ok || !response.body) throw new Error(`the file's server answered ${response.status}`);
    checkSize(Number(response.headers.get('content-length') ?? 0), rules.maxBytes);
    return await readCapped(response.body, rules.maxBytes);
  } catch (cause) {
    if (cause instanceof LikenessError) throw cause;
    throw new LikenessError('photo-unreachable', {}, { cause });
  }
}

function originOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { origin, username, password } = new URL(url);
  return username === '' && password === '' ? origin : '';
}
