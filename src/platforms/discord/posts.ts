import type { PublicPost } from '../platform.js';
import type { DiscordAddress } from './address.js';
import { picturesMessage } from './messages.js';
import { isUnreachable, type Sender } from './sender.js';

export interface PostParts {
  readonly sender: Sender;
  /** Hears of conversations that are gone or closed. */
  readonly onError: (error: unknown) => void;
}

/** Posts for everyone in a channel: edited in place while the earlier post is there; a new one with a title heads a thread. */
export async function publishPost(
  address: DiscordAddress,
  { text, pictures = [], title, earlier }: PublicPost & { readonly earlier: string | undefined },
  { sender, onError }: PostParts,
): Promise<string | undefined> {
  try {
    const post = await sender.publish(address, picturesMessage(text, pictures), earlier);
    if (post !== earlier && title !== undefined) await sender.openThread(address, post, title);
    return post;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    onError(error);
    return undefined;
  }
}
