import type { Attachment } from '../../chat/invocation.js';
import { checkFileSize } from '../../media/file-size.js';
import { fetchCapped, type FetchRules } from '../capped.js';

export type { FetchRules };

/** Where Discord serves what members upload; nothing is ever fetched from elsewhere. */
export const CDN_ORIGINS: readonly string[] = ['https://cdn.discordapp.com', 'https://media.discordapp.net'];

/** An uploaded file as Discord describes it. */
export interface UploadedFile {
  readonly name: string;
  readonly contentType: string | null;
  readonly size: number;
  readonly url: string;
}

/** A member's upload; its bytes are fetched when they are read, from Discord alone and never more than the limit. */
export function toAttachment(file: UploadedFile, rules: FetchRules): Attachment {
  const { name, size, contentType, url } = file;
  return {
    name,
    type: contentType ?? 'application/octet-stream',
    size,
    async read() {
      checkFileSize(size, rules.maxBytes);
      return fetchCapped(url, rules);
    },
  };
}
