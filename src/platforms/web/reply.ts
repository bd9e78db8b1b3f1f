import type { CommandDefinition } from '../../chat/command-definition.js';
import type { OptionValues } from '../../chat/invocation.js';
import { formatLine } from '../../chat/parse.js';
import { gapOf } from '../../chat/point.js';
import type { AlbumMessage, PublicPost, Reply } from '../../chat/reply.js';
import { compact, readyFile } from '../../media/picture-file.js';
import type { KeptAlbum } from './history.js';
import type { Conversation, MessageContent, PictureView } from './conversation.js';

export interface WebReplyOptions {
  readonly conversation: Conversation;
  /** Key of the member's message that is answered. */
  readonly key: string;
  /** The command albums come from, to write the line of More. */
  readonly albumCommand: CommandDefinition;
  /** Called when an album came. */
  readonly onAlbum: (album: KeptAlbum) => void;
  readonly now: () => number;
}

/** Answers in a browser's conversation. */
export function createWebReply({ conversation, key, albumCommand, onAlbum, now }: WebReplyOptions): Reply {
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
    say: async (text, buttons) => put(`text:${key}`, { kind: 'text', text, ...(buttons && { buttons }) }),
    async list(points, buttons) {
      const parts = points.map((point) => ({ head: point.head, text: `${gapOf(point)}${point.text}` }));
      const text = parts.map((part) => `${part.head}${part.text}`).join('\n');
      put(`text:${key}`, { kind: 'text', text, points: parts, ...(buttons && { buttons }) });
    },
    show: async (text, pictures, buttons) =>
      put(`album:${key}`, { ...textWith(conversation, key, { text, pictures }), ...(buttons && { buttons }) }),
    refuse: async (text) => put(`refusal:${key}`, { kind: 'refusal', text }),
    askConsent: async (text) => put(`consent:${key}`, { kind: 'consent', text }),
    canDeliver: async () => true,
    status: async (view) => put(`status:${view.jobId}`, { kind: 'status', ...view }),
    async album(album) {
      const id = `album:${album.jobId}`;
      conversation.remove(`status:${album.jobId}`);
      if (conversation.get(id)) return;
      conversation.keepPictures(id, album);
      const { seed, ...unseeded } = album.options;
      const content = {
        kind: 'album' as const,
        caption: album.caption,
        notes: album.notes,
        pictures: viewPictures(album, (shows) => lineOf({ ...unseeded, ...shows })),
        line: lineOf(unseeded),
        ...(typeof seed === 'number' && { seed }),
        zip: `api/albums/${album.jobId}/album.zip`,
        expired: false,
      };
      put(id, content);
      onAlbum({ job: album.jobId, content, pictures: album.pictures });
      // Not before the page has what it shows: encoding would hold that up.
      void conversation.fetched().then(() => compact(album.pictures));
    },
    async conclude(jobId, text, offer) {
      conversation.remove(`status:${jobId}`);
      const offered = offer && { action: offer.action, line: lineOf(offer.options) };
      put(`end:${jobId}`, { kind: 'notice', text, ...(offered && { offer: offered }) });
    },
  };
}

/** Puts what everyone sees, under a key of its own, where it stands or at the end. */
export function putPost(
  conversation: Conversation,
  key: string,
  { at, ...post }: PublicPost & { readonly at: number },
): void {
  const id = `album:${key}`;
  conversation.put({ ...textWith(conversation, key, post), id, key, at: conversation.get(id)?.at ?? at });
}

/** Words, with pictures that are kept under the key. */
function textWith(conversation: Conversation, key: string, { text, pictures, report }: PublicPost): MessageContent {
  const begin = report && { label: report.label, line: report.line };
  if (!pictures || pictures.length === 0) return { kind: 'text', text, ...(begin && { begin }) };
  const kept = pictures.map(({ bytes, ...named }) => ({ ...named, preview: bytes, file: readyFile(bytes) }));
  conversation.keepPictures(`album:${key}`, { pictures: kept });
  const views = pictures.map(({ name, description }, index) => {
    const preview = `api/albums/${key}/${index}.jpg`;
    return { name, description, preview, file: preview };
  });
  return { kind: 'text', text, pictures: views };
}

function viewPictures(
  { jobId, pictures }: AlbumMessage,
  lineLike: (shows: OptionValues | undefined) => string,
): PictureView[] {
  return pictures.map(({ name, description, similarity, shows }, index) => {
    const address = `api/albums/${jobId}/${index}`;
    return {
      name,
      description,
      ...(similarity !== undefined && { similarity }),
      preview: `${address}.jpg`,
      file: `${address}.png`,
      own: { line: lineLike(shows), avatar: `${address}-avatar.png`, remove: `${address}/delete` },
    };
  });
}
