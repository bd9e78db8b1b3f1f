import { formatLine } from '../../../commands/parse.js';
import type { Command } from '../../../commands/command.js';
import type { AlbumMessage, OptionValues, Reply } from '../platform.js';
import type { Conversation, MessageContent, PictureView } from './conversation.js';

export interface WebReplyOptions {
  readonly conversation: Conversation;
  /** Key of the member's message that is answered. */
  readonly key: string;
  /** The command albums come from, to write the line of Again. */
  readonly albumCommand: Command;
  readonly now: () => number;
}

/** Answers in a browser's conversation. */
export function createWebReply({ conversation, key, albumCommand, now }: WebReplyOptions): Reply {
  const typing = `typing:${key}`;
  const put = (id: string, content: MessageContent): void => {
    if (id !== typing) conversation.remove(typing);
    const at = conversation.get(id)?.at ?? now();
    conversation.put({ ...content, id, at, key });
  };
  const lineOf = (options: OptionValues): string => formatLine(albumCommand, options);
  return {
    whispers: true,
    acknowledge: async () => put(typing, { kind: 'typing' }),
    say: async (text) => put(`text:${key}`, { kind: 'text', text }),
    async show(text, pictures) {
      const id = `album:${key}`;
      const kept = pictures.map(({ bytes, ...named }) => ({ ...named, preview: bytes, file: bytes }));
      conversation.keepPictures(id, { pictures: kept });
      const views = pictures.map(({ name, description }, index) => {
        const preview = `/api/albums/${key}/${index}.jpg`;
        return { name, description, preview, file: preview };
      });
      put(id, { kind: 'text', text, pictures: views });
    },
    refuse: async (text) => put(`refusal:${key}`, { kind: 'refusal', text }),
    askConsent: async (text) => put(`consent:${key}`, { kind: 'consent', text }),
    status: async (view) => put(`status:${view.jobId}`, { kind: 'status', ...view }),
    async album(album) {
      const id = `album:${album.jobId}`;
      conversation.remove(`status:${album.jobId}`);
      if (conversation.get(id)) return;
      conversation.keepPictures(id, album);
      const { seed: _, ...unseeded } = album.options;
      put(id, {
        kind: 'album',
        caption: album.caption,
        notes: album.notes,
        pictures: viewPictures(album),
        again: lineOf(album.options),
        newSeed: lineOf(unseeded),
        expired: false,
      });
    },
    async conclude(jobId, text, offer) {
      conversation.remove(`status:${jobId}`);
      const offered = offer && { action: offer.action, line: lineOf(offer.options) };
      put(`end:${jobId}`, { kind: 'notice', text, ...(offered && { offer: offered }) });
    },
  };
}

function viewPictures({ jobId, pictures }: AlbumMessage): PictureView[] {
  return pictures.map(({ name, description, similarity }, index) => ({
    name,
    description,
    ...(similarity !== undefined && { similarity }),
    preview: `/api/albums/${jobId}/${index}.jpg`,
    file: `/api/albums/${jobId}/${index}.png`,
  }));
}
