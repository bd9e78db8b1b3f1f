import type { ChatMemberUpdated, Message, Update } from 'telegraf/types';
import type { CommandDefinition } from '../../chat/command-definition.js';
import type { ChatHost } from '../../chat/host.js';
import { canBeTaken, sortFiles } from '../../chat/photo-files.js';
import type { Presets } from '../../chat/presets.js';
import type { Samples } from '../../chat/samples.js';
import type { Buttons } from '../buttons.js';
import { errorText, languageOf, type Translate } from '../../language/texts.js';
import { memberAt, type TelegramAddress, toReplyAddress } from './address.js';
import type { CarefulTelegram } from './client.js';
import { toInvocation, type CommandRequest } from './command-request.js';
import { addedAt, greet } from './greeting.js';
import { createJoining, type Joining } from './joining.js';
import { createGatherer } from './media-groups.js';
import { followGroup, reportGone } from './membership.js';
import { parseMessages, type MessageContext, type ParsedMessages } from './parse-messages.js';
import { type DownloadOptions, fileOf, whyUnusable } from './photos.js';
import { showPicker, type ShownPickerParts } from './picker.js';
import { createPictureBook } from './picture-book.js';
import { createPresses } from './presses.js';
import { Recent } from './recent.js';
import { createRemembered, type Remembered } from './remembered.js';
import { createReply, type ReplyParts } from './reply.js';

/** Milliseconds without another message after which an album of photos is whole. */
const ALBUM_PAUSE = 800;
/** Seconds after which an edited message is history. */
const MAX_EDIT_AGE = 12 * 60 * 60;
/** Updates remembered. */
const REMEMBERED = 2000;

export interface InboxOptions extends ReplyParts {
  readonly host: ChatHost;
  readonly telegram: CarefulTelegram;
  readonly buttons: Buttons;
  readonly commands: readonly CommandDefinition[];
  readonly defaultCommand: CommandDefinition;
  readonly presets: Presets;
  readonly samples: Samples;
  /** The bot's own user name. */
  readonly username: string;
  readonly maxPhotoBytes: number;
  readonly albumPause?: number;
  readonly onError: (error: unknown) => void;
}

/** Takes what Telegram tells of members. */
export interface Inbox {
  /**
   * Begins what an update asks for and does not wait for it, but until it is recorded that there is something to be
   * answered: only then may Telegram be told to forget it. An update that comes again is taken once.
   */
  take(update: Update): Promise<void>;
  /** Forgets photos and questions of a member. */
  forget(user: string): void;
  /** Hands on albums that were not whole yet. */
  close(): void;
}

/** What is known of a request before it is read. */
type Known = Pick<CommandRequest, 'key' | 'address'>;
type BeginRequest = (request: Known | undefined, work: () => Promise<unknown> | undefined) => Promise<void>;

export function createInbox(options: InboxOptions): Inbox {
  const { host, telegram, onError, maxPhotoBytes, albumPause: pause = ALBUM_PAUSE } = options;
  const download: DownloadOptions = { telegram, maxBytes: maxPhotoBytes };
  const seen = new Recent<true>(REMEMBERED);
  const book = createPictureBook(options.samples, options.presets);
  const remembered = createRemembered();
  const context: MessageContext = { ...options, ...remembered, fallback: options.defaultCommand.name };

  const begin = (work: Promise<unknown> | undefined): void => void work?.catch(onError);
  const invoke = (request: CommandRequest): Promise<void> => {
    // Should consent be missing, it is asked for in answer to this message; the request is then known by it.
    remembered.keepRequest(request);
    if (request.photos.length === 0 && request.command === context.fallback) remembered.keepWords(request);
    return host.invoke(toInvocation(request, download));
  };
  const joining = createJoining({ ...options, remembered, invoke });
  const ask = createQuestion({ ...options, book }, remembered, invoke);
  const hail = (to: TelegramAddress, group: boolean): Promise<void> => greet(to, group, { ...options, book });
  const takeMessages = (messages: readonly Message[]): Promise<void> | undefined =>
    handle(parseMessages(messages, context));
  const handle = createHandler({ ...options, joining, invoke, ask, hail });
  /** A message that was refused can be mended by editing it; what was accepted keeps its key and is not done twice. */
  const takeEdited = async (message: Message): Promise<void> => {
    const edited = 'edit_date' in message ? (message.edit_date ?? 0) : 0;
    if (edited - message.date > MAX_EDIT_AGE) return;
    const parsed = parseMessages([message], context);
    if (parsed?.kind === 'request') return beginRequest(parsed.request, () => invoke(parsed.request));
    if (parsed?.kind !== 'choose') return;
    // A photo may come by an edit too, or take the place of one of which it was asked already.
    const { photo, chat, user } = parsed.request.address;
    if (remembered.wordless(chat, user)?.message === photo) remembered.keepWordless(parsed.request);
    else await beginRequest(parsed.request, () => handle(parsed));
  };
  /** Works on something; where it is a request, that is recorded first. */
  const beginRequest: BeginRequest = async (request, work) => {
    const done = request && (await record(request));
    begin(Promise.resolve(work()).finally(done));
  };
  const record = ({ key, address }: Known): Promise<() => void> => {
    const locale = languageOf(address.locale);
    const received = { key, member: memberAt(address), address: toReplyAddress(address) };
    return host.begin({ ...received, ...(locale !== undefined && { locale }) });
  };
  const gatherer = createGatherer({
    pause,
    onAlbum(group, messages) {
      const done = recorded.get(group);
      recorded.delete(group);
      begin(Promise.resolve(takeMessages(messages)).finally(async () => (await done)?.()));
    },
  });
  /** Albums that are not whole yet and are meant for the bot, by what ends their record. */
  const recorded = new Map<string, Promise<() => void>>();
  /** A photo of an album is known at once: words may answer it before the album is whole. */
  const takePart = async (group: string, message: Message): Promise<void> => {
    const file = fileOf(message);
    if (file) remembered.addToAlbum(group, file);
    gatherer.add(group, message);
    const parsed = parseMessages([message], context);
    if (parsed && !recorded.has(group)) recorded.set(group, record(parsed.request));
    await recorded.get(group);
  };
  const presses = createPresses({ ...options, book, context, invoke, joining, remembered });
  const takeMessage = async (message: Message): Promise<void> => {
    if ('migrate_to_chat_id' in message) return begin(followGroup(message, options));
    if ('media_group_id' in message && message.media_group_id !== undefined)
      return takePart(message.media_group_id, message);
    const parsed = parseMessages([message], context);
    if (parsed) await beginRequest(parsed.request, () => handle(parsed));
  };
  return {
    async take(update) {
      const id = String(update.update_id);
      if (seen.has(id)) return;
      seen.set(id, true);
      if ('message' in update) await takeMessage(update.message);
      else if ('edited_message' in update) await takeEdited(update.edited_message);
      else if ('callback_query' in update)
        await beginRequest(presses.requestOf(update.callback_query), () => presses.take(update.callback_query));
      else if ('my_chat_member' in update) begin(takeMembership(update.my_chat_member, { host, hail }));
    },
    forget: remembered.forget,
    close: () => gatherer.flush(),
  };
}

/** How what members send is taken up. */
interface Takers extends InboxOptions {
  readonly joining: Joining;
  invoke(request: CommandRequest): Promise<void>;
  ask(request: CommandRequest): Promise<void>;
  hail(to: TelegramAddress, group: boolean): Promise<void>;
}

/** Does what messages came to. */
function createHandler(takers: Takers): (parsed: ParsedMessages | undefined) => Promise<void> | undefined {
  const { joining, invoke, ask, hail } = takers;
  /** A link may have brought the member here to take part in an event. */
  const start = async ({ request: { address, group }, payload }: ParsedMessages): Promise<void> => {
    if (!group && (await joining.begin(payload, address))) return;
    await hail(address, group);
  };
  return (parsed) => {
    if (!parsed) return undefined;
    const { kind, request } = parsed;
    const entry = isOwn(parsed) ? joining.entryOf(request) : undefined;
    if (entry) return invoke(entry);
    switch (kind) {
      case 'request':
        return invoke(request);
      case 'choose':
        return ask(request);
      case 'start':
        return start(parsed);
      default: {
        const why = kind === 'anonymous' ? 'telegram.anonymous' : 'telegram.not-own-photo';
        return refuseThere(request.address, (t) => t(why), takers);
      }
    }
  };
}

/** Whether photos are their sender's own, and what is to be made of them is not said by a command. */
function isOwn({ kind, request }: ParsedMessages): boolean {
  return kind === 'choose' || (kind === 'request' && request.photos.length > 0);
}

/** What is done with photos without words: they are for the words before them, if there are any, else it is asked. */
function createQuestion(
  options: InboxOptions & Pick<ShownPickerParts, 'book'>,
  remembered: Pick<Remembered, 'keepWordless' | 'takeWords'>,
  invoke: (request: CommandRequest) => Promise<void>,
): (request: CommandRequest) => Promise<void> {
  const { photos: limits } = options.defaultCommand;
  return (request) => {
    const { photos, address } = request;
    const unusable = sortFiles(photos)
      .photos.map((photo) => whyUnusable(photo, options.maxPhotoBytes))
      .find((why) => why !== undefined);
    if (unusable) return refuseThere(address, (t) => errorText(unusable, t), options);
    // The command says what is wrong with them.
    if (limits && !canBeTaken(photos, limits)) return invoke(request);
    const words = remembered.takeWords(address);
    if (words) return invoke({ ...request, options: words });
    remembered.keepWordless(request);
    return askAbout(address, options);
  };
}

async function refuseThere(
  address: TelegramAddress,
  why: (t: Translate) => string,
  options: InboxOptions,
): Promise<void> {
  const t = await options.textsFor(memberAt(address), address.locale);
  await createReply(address, options).refuse(why(t));
}

/** Asks what to make of the photo at an address. */
async function askAbout(address: TelegramAddress, parts: InboxOptions & Pick<ShownPickerParts, 'book'>): Promise<void> {
  const owner = memberAt(address);
  await showPicker(address, { owner, t: await parts.textsFor(owner, address.locale) }, parts);
}

/** A group that added the bot is greeted; who shut it out is reported. */
async function takeMembership(
  update: ChatMemberUpdated,
  { host, hail }: Pick<InboxOptions, 'host'> & { hail(to: TelegramAddress, group: boolean): Promise<void> },
): Promise<void> {
  const added = addedAt(update);
  await (added ? hail(added, true) : reportGone(update, host));
}
