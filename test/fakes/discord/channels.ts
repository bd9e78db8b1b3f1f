import { ApiError, demand } from './api-error.js';
import { objectOf, type ReceivedBody } from './body.js';
import { asText } from './json.js';
import { applyBody, type ShownMessage } from './messages.js';
import { DEFAULT_FILE_LIMIT, describe, type FakeChannel, type RestWorld } from './world.js';

/** The direct conversation with someone. */
export function directChannel(
  { channels, clock }: Pick<RestWorld, 'channels' | 'clock'>,
  recipient: string,
): FakeChannel {
  const found = [...channels.values()].find((channel) => channel.recipient === recipient);
  if (found) return found;
  const opened = { id: clock.snowflake(), guild: undefined, recipient, ...everything() };
  channels.set(opened.id, opened);
  return opened;
}

/** What the bot may do in a channel until a test takes something away. */
export function everything(): Pick<FakeChannel, 'mayView' | 'maySend' | 'mayAttach' | 'archived' | 'fileLimit'> {
  return { mayView: true, maySend: true, mayAttach: true, archived: false, fileLimit: DEFAULT_FILE_LIMIT };
}

/** The bits of what the bot may do in a channel, as interactions bring them: to view it, to send, embed and attach there. */
export function permissionsIn({ mayView, maySend, mayAttach }: FakeChannel): bigint {
  return (mayView ? 1n << 10n : 0n) | (maySend ? (1n << 11n) | (1n << 14n) : 0n) | (mayAttach ? 1n << 15n : 0n);
}

/** Refuses files that the bot may not send to a channel. */
export function checkFiles({ channels }: RestWorld, id: string, { files }: ReceivedBody): void {
  const channel = channels.get(id);
  if (files.size === 0 || !channel) return;
  if (!channel.mayAttach) throw new ApiError(403, 50_013, 'Missing Permissions');
  const sizes = [...files.values()].map(({ bytes }) => bytes.length);
  if (Math.max(...sizes) > channel.fileLimit) throw new ApiError(413, 40_005, 'Request entity too large');
}

/** Messages sent with an enforced nonce, by channel and nonce. */
const byNonce = new WeakMap<RestWorld, Map<string, { readonly message: ShownMessage; readonly at: number }>>();
/** Milliseconds for which a nonce is remembered. */
const NONCE_LIFE = 5 * 60_000;

function post(world: RestWorld, id: string, body: ReceivedBody): ShownMessage {
  const channel = openChannel(world, id);
  if (!channel.maySend) throw new ApiError(403, 50_013, 'Missing Permissions');
  if (channel.recipient !== undefined && world.closed.has(channel.recipient)) {
    throw new ApiError(403, 50_007, 'Cannot send messages to this user');
  }
  const { nonce, enforce_nonce: enforced } = objectOf(body);
  const key = `${id}/${asText(nonce, 'nonce', [0, 25])}`;
  const known = byNonce.get(world) ?? new Map<string, { readonly message: ShownMessage; readonly at: number }>();
  byNonce.set(world, known);
  const sent = enforced === true ? known.get(key) : undefined;
  if (sent && world.clock.now() - sent.at < NONCE_LIFE) return sent.message;
  checkFiles(world, id, body);
  const parts = applyBody(body, { cdn: world.cdn, channel: id });
  const place = { id: world.clock.snowflake(), channel: id, author: world.bot };
  const message = { ...place, onlyFor: undefined, thinking: false, ...parts };
  world.messages.set(message.id, message);
  channel.archived = false;
  known.set(key, { message, at: world.clock.now() });
  return message;
}

function openChannel({ channels }: RestWorld, id: string): FakeChannel {
  const channel = channels.get(id);
  if (!channel) throw new ApiError(404, 10_003, 'Unknown Channel');
  if (!channel.mayView) throw new ApiError(403, 50_001, 'Missing Access');
  return channel;
}

/** A message of the bot's own, which only an interaction's token reaches where it is for one person alone. */
function ownMessage(world: RestWorld, channel: string, id: string): ShownMessage {
  openChannel(world, channel);
  const found = world.messages.get(id);
  if (found?.channel !== channel || found.onlyFor !== undefined) throw new ApiError(404, 10_008, 'Unknown Message');
  if (found.author !== world.bot) throw new ApiError(403, 50_005, 'Cannot edit a message authored by another user');
  return found;
}

/** Conversations, by the bot's own token. */
export const channelRoutes = [
  {
    method: 'POST',
    path: /^\/users\/@me\/channels$/,
    handle(world: RestWorld, _parts: readonly string[], body: ReceivedBody) {
      const recipient = asText(objectOf(body)['recipient_id'], 'recipient_id', [1, 21]);
      demand(/^\d+$/.test(recipient), 'recipient_id is not snowflake');
      if (!world.people.has(recipient)) throw new ApiError(404, 10_013, 'Unknown User');
      return { id: directChannel(world, recipient).id, type: 1 };
    },
  },
  {
    method: 'POST',
    path: /^\/channels\/(\d+)\/messages$/,
    handle: (world: RestWorld, [channel = '']: readonly string[], body: ReceivedBody) =>
      describe(world, post(world, channel, body)),
  },
  {
    method: 'PATCH',
    path: /^\/channels\/(\d+)\/messages\/(\d+)$/,
    handle(world: RestWorld, [channel = '', id = '']: readonly string[], body: ReceivedBody) {
      const before = ownMessage(world, channel, id);
      if (openChannel(world, channel).archived) throw new ApiError(400, 50_083, 'Thread is archived');
      checkFiles(world, channel, body);
      const message = { ...before, ...applyBody(body, { cdn: world.cdn, channel }, before), thinking: false };
      world.messages.set(id, message);
      return describe(world, message);
    },
  },
  {
    method: 'POST',
    path: /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/,
    handle(world: RestWorld, [channel = '', id = '']: readonly string[], body: ReceivedBody) {
      const head = ownMessage(world, channel, id);
      if (openChannel(world, channel).guild === undefined)
        throw new ApiError(400, 50_024, 'Cannot execute action on this channel type');
      const name = asText(objectOf(body)['name'], 'name', [1, 100]);
      if (world.threads.has(head.id)) throw new ApiError(400, 160_004, 'A thread has already been created');
      world.threads.set(head.id, name);
      return { id: head.id, type: 11, name, parent_id: channel };
    },
  },
  {
    method: 'DELETE',
    path: /^\/channels\/(\d+)\/messages\/(\d+)$/,
    handle(world: RestWorld, [channel = '', id = '']: readonly string[]) {
      world.messages.delete(ownMessage(world, channel, id).id);
      return undefined;
    },
  },
];
