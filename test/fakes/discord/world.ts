import type { FakeInteractions, MessageStore } from './interactions.js';
import type { Json } from './json.js';
import type { ShownMessage } from './messages.js';
import type { OperatorWorld } from './operator.js';

/** Bytes one file may have where nothing else is said. */
export const DEFAULT_FILE_LIMIT = 10 * 1024 * 1024;

/** A conversation. */
export interface FakeChannel {
  readonly id: string;
  /** The server it is in; undefined for direct messages. */
  readonly guild: string | undefined;
  /** Who else is in a direct conversation with the bot. */
  readonly recipient: string | undefined;
  /** What the bot may do there. */
  mayView: boolean;
  maySend: boolean;
  mayAttach: boolean;
  /** A thread that nobody wrote in for a while: its messages are not edited. */
  archived: boolean;
  /** Bytes one file may have there. */
  fileLimit: number;
}

/** What the REST interface works on. */
export interface RestWorld extends MessageStore, OperatorWorld {
  readonly token: string;
  readonly application: string;
  readonly gatewayAddress: () => string;
  readonly interactions: FakeInteractions;
  readonly channels: Map<string, FakeChannel>;
  /** Names of threads by the message each hangs on. */
  readonly threads: Map<string, string>;
  /** People whose direct messages are closed to the bot. */
  readonly closed: Set<string>;
  readonly people: ReadonlySet<string>;
  /** The commands registered last. */
  registered: readonly Json[];
  /** How often commands were registered. */
  registrations: number;
  /** Called after every change. */
  changed(): void;
}

/** A message as Discord sends it. */
export function describe({ bot }: Pick<RestWorld, 'bot'>, message: ShownMessage): object {
  const { id, channel, author, onlyFor, content, embeds, components, files, thinking } = message;
  return {
    id,
    channel_id: channel,
    type: 0,
    author: { id: author, username: author === bot ? 'likeness' : 'person', discriminator: '0', avatar: null },
    content,
    embeds,
    components,
    attachments: files,
    flags: (onlyFor === undefined ? 0 : 64) | (thinking ? 128 : 0),
    timestamp: '2026-01-05T12:00:00.000000+00:00',
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    pinned: false,
  };
}
