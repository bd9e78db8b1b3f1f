import type { CommandDefinition } from '../../chat/command-definition.js';
import type { Attachment, Invocation } from '../../chat/invocation.js';
import { parseLine } from '../../chat/parse.js';
import type { ChatSession } from './sessions.js';

/** What the page sends as a message. */
export interface SentMessage {
  /** Random, chosen by the page; the same for a message sent again. */
  readonly key: string;
  readonly text: string;
  readonly photos: readonly File[];
  /** Sent once more after consent: it stands in the conversation already. */
  readonly resent: boolean;
}

/** The longest line taken, in characters. Longer prompts than a command allows are refused by the command itself. */
const MAX_LINE = 20_000;

/** The web chat as a whole is one community. */
export const WEB_SERVER = 'web';

/** Reads the page's form; undefined when it is not one the page makes. */
export function readForm(fields: Readonly<Record<string, unknown>>): SentMessage | undefined {
  const { key, text, resent } = fields;
  if (typeof key !== 'string' || !/^[\w-]{8,64}$/.test(key)) return undefined;
  if (typeof text !== 'string' || text.length > MAX_LINE) return undefined;
  const sent = fields['photos'];
  const photos = (Array.isArray(sent) ? sent : [sent]).filter((photo) => photo instanceof File);
  return { key, text, photos, resent: resent === 'yes' };
}

/** Turns a sent message into the invocation it means. */
export function toInvocation(
  message: SentMessage,
  { id }: ChatSession,
  {
    commands,
    fallback,
    locale,
    operator,
  }: {
    readonly commands: readonly CommandDefinition[];
    readonly fallback: string;
    readonly locale: string | undefined;
    /** Whether the message came from this very machine. */
    readonly operator: boolean;
  },
): Invocation {
  const { command, options } = parseLine(message.text, commands, fallback);
  return {
    key: `${id}:${message.key}`,
    member: { platform: 'web', id },
    place: { kind: 'direct', id, server: WEB_SERVER },
    standing: { mayAdminister: async () => operator },
    ...(locale !== undefined && { locale }),
    command,
    options,
    attachments: message.photos.map(toAttachment),
    address: { session: id, key: message.key },
  };
}

function toAttachment(file: File): Attachment {
  const { name, type, size } = file;
  return { name, type, size, read: async () => new Uint8Array(await file.arrayBuffer()) };
}
