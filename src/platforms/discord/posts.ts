import type { PublicPost } from '../../chat/reply.js';
import type { ButtonAction, Buttons } from '../buttons.js';
import type { DiscordAddress } from './address.js';
import type { LinkCommands } from './command-links.js';
import { button, type DiscordMessage, picturesMessage } from './messages.js';
import { isUnreachable, type Sender } from './sender.js';

export interface PostParts {
  readonly buttons: Buttons;
  readonly sender: Sender;
  readonly linkCommands: LinkCommands;
  /** Called when a conversation is gone or closed. */
  readonly onError: (error: unknown) => void;
}

/** Posts for everyone in a channel: edited in place while the earlier post is there; a new one with a title heads a thread. */
export async function publishPost(
  address: DiscordAddress,
  { earlier, ...post }: PublicPost & { readonly earlier: string | undefined },
  { sender, buttons, linkCommands, onError }: PostParts,
): Promise<string | undefined> {
  try {
    const id = await sender.publish(address, drawPost({ ...post, text: linkCommands(post.text) }, buttons), earlier);
    if (id !== earlier && post.title !== undefined) await sender.openThread(address, id, post.title);
    return id;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    onError(error);
    return undefined;
  }
}

function drawPost({ text, pictures = [], event, report }: PublicPost, buttons: Buttons): DiscordMessage {
  const open = (label: string, action: ButtonAction, subject: string) =>
    button(label, buttons.signForAll({ action, owner: '', subject }));
  return picturesMessage(text, pictures, [
    ...(event ? [open(event.join.label, 'join', event.join.agreed)] : []),
    ...(event?.vote ? [open(event.vote.label, 'vote', event.vote.line)] : []),
    ...(report ? [open(report.label, 'report-entry', '')] : []),
  ]);
}
