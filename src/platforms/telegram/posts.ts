import type { PublicPost } from '../../chat/reply.js';
import type { TelegramAddress } from './address.js';
import { TelegramFailure } from './failure.js';
import type { ReplyParts } from './reply.js';
import { MAX_CAPTION } from './text.js';

/** Posts for everyone in a chat: edited in place while the earlier post is there; a new one with a title is pinned. */
export async function postTo(
  given: TelegramAddress,
  { text, pictures = [], copies, title, earlier, ...post }: PublicPost & { readonly earlier: string | undefined },
  { sender, pace, keyboards, onGone }: Pick<ReplyParts, 'sender' | 'pace' | 'keyboards' | 'onGone'>,
): Promise<string | undefined> {
  const to = { ...given, message: '' };
  const take = <Value>(run: () => Promise<Value>, weight = 1): Promise<Value> =>
    pace.take({ chat: to.chat, weight }, run);
  const keyboard = keyboards.post(post);
  const draft = { text, ...(keyboard.inline_keyboard.length > 0 && { keyboard }) };
  const edit = async (message: string): Promise<boolean> => take(() => sender.edit(to, message, draft));
  try {
    if (earlier !== undefined && (await edit(earlier))) return earlier;
    if (pictures.length > 0) {
      const fits = text.length <= MAX_CAPTION;
      if (!fits) await take(() => sender.text(to, { text }));
      const album = { pictures, caption: fits ? text : '', as: 'photos', answers: '' } as const;
      const [first] = await take(() => sender.album(to, album), pictures.length);
      return first;
    }
    const sent = await take(() => sender.text(to, draft));
    if (copies) await take(() => sender.copy(to, copies.chat, copies.messages), copies.messages.length);
    if (title !== undefined) await sender.pin(to.chat, sent);
    return sent;
  } catch (error) {
    if (!(error instanceof TelegramFailure && error.gone)) throw error;
    onGone(error, to);
    return undefined;
  }
}
