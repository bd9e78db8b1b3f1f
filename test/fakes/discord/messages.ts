import { ApiError, demand } from './api-error.js';
import { type ReceivedBody, type ReceivedFile, objectOf } from './body.js';
import type { FakeCdn, StoredFile } from './cdn.js';
import { checkRows, type ShownRows } from './component-rules.js';
import { asObjects, asText, type Json } from './json.js';

const EPHEMERAL = 1 << 6;

/** A message in the fake, with what a person sees of it. */
export interface ShownMessage extends ShownRows {
  readonly id: string;
  readonly channel: string;
  readonly author: string;
  /** The only one who sees it; undefined when everyone in the channel does. */
  readonly onlyFor: string | undefined;
  readonly content: string;
  readonly embeds: readonly Json[];
  readonly components: unknown;
  readonly files: readonly StoredFile[];
  /** Who is called by it. */
  readonly mentions: readonly string[];
  /** Shown as “is thinking”. */
  readonly thinking: boolean;
}

/** The words of a message, on coloured ground or not, as a person reads them: a backslash shows what follows it as it is. */
export function textOf({ content, embeds }: ShownMessage): string {
  const description = embeds[0]?.['description'];
  const written = content === '' && typeof description === 'string' ? description : content;
  return written.replaceAll(/\\([\\*_~`|[\]<#>-])/g, '$1');
}

/** The part of a message that a body says. */
export type MessageParts = Pick<
  ShownMessage,
  'content' | 'embeds' | 'components' | 'buttons' | 'menus' | 'files' | 'mentions'
>;

/** A message that says nothing yet. */
export const nothing: MessageParts = {
  content: '',
  embeds: [],
  components: [],
  buttons: [],
  menus: [],
  files: [],
  mentions: [],
};

/** Whether a body asks for a message that only the member sees. */
export function isEphemeral(body: Json): boolean {
  return (Number(body['flags'] ?? 0) & EPHEMERAL) !== 0;
}

/** A body laid over what a message said before: a field that is left out stays as it was. */
export function applyBody(
  received: ReceivedBody,
  place: { readonly cdn: FakeCdn; readonly channel: string },
  before: MessageParts = nothing,
): MessageParts {
  const body = objectOf(received);
  const has = (name: string): boolean => body[name] !== undefined && body[name] !== null;
  const content = has('content') ? asText(body['content'], 'content', [0, 2000]) : before.content;
  const components = has('components') ? body['components'] : before.components;
  const after: MessageParts = {
    content,
    embeds: has('embeds') ? checkEmbeds(body['embeds']) : before.embeds,
    components,
    ...checkRows(components),
    files: applyFiles(received, place, before.files),
    mentions: mentionsOf(content, body['allowed_mentions']),
  };
  const empty = content === '' && after.embeds.length + after.files.length + after.buttons.length === 0;
  if (empty) throw new ApiError(400, 50_006, 'Cannot send an empty message');
  return after;
}

function checkEmbeds(value: unknown): Json[] {
  const embeds = asObjects(value, 'embeds');
  demand(embeds.length <= 10, 'at most 10 embeds');
  let total = 0;
  for (const { description, footer } of embeds) {
    total += asText(description, 'description', [0, 4096]).length;
    total += asText((footer as Json | undefined)?.['text'], 'footer', [0, 2048]).length;
  }
  demand(total <= 6000, 'embeds of at most 6000 characters');
  return embeds;
}

/** With a list of attachments only those it names stay; new files are named by their number. */
function applyFiles(
  received: ReceivedBody,
  { cdn, channel }: { readonly cdn: FakeCdn; readonly channel: string },
  before: readonly StoredFile[],
): StoredFile[] {
  const body = objectOf(received);
  const listed = body['attachments'] === undefined ? undefined : asObjects(body['attachments'], 'attachments');
  const kept = listed ? before.filter(({ id }) => listed.some((entry) => entry['id'] === id)) : before;
  const store = ([index, file]: readonly [number, ReceivedFile]): StoredFile => {
    const entry = listed?.find(({ id }) => String(id) === String(index));
    const filename = asText(entry?.['filename'] ?? file.name, 'filename', [1, 1024]);
    demand(!/[/\\:]/.test(filename), 'filename');
    const description = entry?.['description'];
    const text = asText(description, 'description', [0, 1024]);
    return cdn.store(channel, {
      bytes: file.bytes,
      filename,
      type: file.type,
      ...(text !== '' && { description: text }),
    });
  };
  for (const { id } of listed ?? []) {
    const known = before.some((file) => file.id === id) || received.files.has(Number(id));
    demand(known, `attachment ${String(id)} is neither there nor sent`);
  }
  const files = [...kept, ...[...received.files].map(store)];
  demand(files.length <= 10, 'at most 10 files');
  return files;
}

/** Those a text calls and is allowed to call; without a rule everyone it names. */
function mentionsOf(content: string, allowed: unknown): string[] {
  const named = [...content.matchAll(/<@(\d+)>/g)].map((match) => match[1] ?? '');
  if (allowed === undefined || allowed === null) return named;
  const { parse, users } = allowed as { readonly parse?: readonly string[]; readonly users?: readonly string[] };
  return parse?.includes('users') ? named : named.filter((id) => users?.includes(id));
}
