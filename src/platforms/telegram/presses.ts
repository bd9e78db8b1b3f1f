import type { CallbackQuery, Message } from 'telegraf/types';
import type { Member } from '../../chat/member.js';
import { parseLine } from '../../chat/parse.js';
import type { AlbumPicture } from '../../chat/picture.js';
import type { TextKey } from '../../language/texts.js';
import type { Button, ButtonAction } from '../buttons.js';
import { unpackPicture } from '../picture-key.js';
import { type TelegramAddress, topicOf } from './address.js';
import type { CommandRequest } from './command-request.js';
import { TelegramFailure } from './failure.js';
import { inviteToJoin } from './joining.js';
import { idOfPicture, unpackMessages } from './keyboards.js';
import { choosePicture, keptPictures, removePicture, sendAvatars, sendFiles } from './one-picture.js';
import { photosOf } from './parse-messages.js';
import type { Press, PressParts } from './press.js';
import { changePicker, optionsOf, showPicker, unpackChoice } from './picker.js';
import { pressNumbers } from './reports.js';
import { fitText } from './text.js';

/** Longest answer to a press. */
const MAX_ALERT = 200;

/** What presses mean. */
export interface Presses {
  /** The request a press makes, as far as it is known before anything is done; undefined where it makes none. */
  requestOf(query: CallbackQuery): Pick<CommandRequest, 'key' | 'address'> | undefined;
  /** Answers a press at once, then does what it means, for the button's owner only. */
  take(query: CallbackQuery): Promise<void>;
}

export function createPresses(parts: PressParts): Presses {
  return { requestOf: (query) => requestOf(query, parts), take: createTaker(parts) };
}

/** The buttons that make a request. */
const REQUESTING = new Set<ButtonAction>(['consent', 'join', 'again', 'more', 'like', 'files', 'largest', 'say']);

function requestOf(query: CallbackQuery, parts: PressParts): ReturnType<Presses['requestOf']> {
  const { message, id, from } = query;
  if (!message || !isAccessible(message) || !('data' in query)) return undefined;
  const member = memberOf(query);
  const button = parts.buttons.open(query.data, member);
  const goes = button?.action === 'choose' && unpackChoice(button.subject).screen === 'go';
  if (!button || !(goes || REQUESTING.has(button.action))) return undefined;
  const address = addressOf(message, member, from.language_code ?? '');
  return letGoOn(button, address, parts) ?? { key: keyOf(id), address };
}

/** The earlier request that goes on where its member agrees: by its own key it is known whether it was accepted. */
function letGoOn(
  { action, subject }: Button,
  address: TelegramAddress,
  { joining, remembered }: PressParts,
): CommandRequest | undefined {
  if (action === 'consent') return remembered.requestAt(address);
  return action === 'join' ? joining.entryAt(subject, address) : undefined;
}

function memberOf({ from }: CallbackQuery): Member {
  return { platform: 'telegram', id: String(from.id) };
}

function keyOf(press: string): string {
  return `press:${press}`;
}

function createTaker(parts: PressParts): Presses['take'] {
  return async (query) => {
    const member = memberOf(query);
    const locale = query.from.language_code ?? '';
    const t = await parts.textsFor(member, locale);
    const { message } = query;
    const open = 'data' in query ? parts.buttons.openForAll(query.data) : undefined;
    if (open && message && isAccessible(message)) {
      const address = addressOf(message, member, locale);
      if (open.action === 'join') {
        const refusal = await inviteToJoin(query, { ...address, locale: t.locale }, { ...parts, ...parts.context });
        return refusal === undefined ? undefined : answer(query, refusal, parts);
      }
      return answer(query, await pressNumbers({ query, t, button: open, message, address }, parts), parts);
    }
    const button = 'data' in query ? parts.buttons.open(query.data, member) : undefined;
    if (!button && !open) return tell({ query, t }, 'telegram.not-yours', parts);
    if (!button || !message || !isAccessible(message)) return tell({ query, t }, 'telegram.too-old', parts);
    return act({ query, t, button, member, message, address: addressOf(message, member, locale) }, parts);
  };
}

/** Answers go where the keyboard is, to what its message answers. */
function addressOf(message: Press['message'], { id: user }: Member, locale: string): TelegramAddress {
  const answered = String(message.reply_to_message?.message_id ?? '');
  const chat = String(message.chat.id);
  return { chat, message: answered, photo: answered, user, locale, thread: topicOf(message), files: '' };
}

/** Telegram keeps no more than the id of old messages; their date is 0. */
function isAccessible(message: NonNullable<CallbackQuery['message']>): message is Message {
  return message.date !== 0;
}

type Act = (press: Press, parts: PressParts) => Promise<void>;

/** Does something that has nothing to say, and answers the press meanwhile. */
const quietly =
  (run: Act): Act =>
  async (press, parts) =>
    void (await Promise.all([run(press, parts), tell(press, undefined, parts)]));

/** What the buttons of one owner do. */
const acts: Partial<Record<ButtonAction, Act>> = {
  cancel: quietly(cancel),
  consent: quietly(agree),
  join: quietly(joinEvent),
  choose,
  change,
  again: repeat,
  more: repeat,
  files: (press, parts) => withPictures(press, parts, { use: sendFiles, otherwise: repeat }),
  picture: quietly(choosePicture),
  like: repeat,
  file: (press, parts) => withPictures(press, parts, { use: sendFiles, otherwise: sayGone }),
  avatar: (press, parts) => withPictures(press, parts, { use: sendAvatars, otherwise: sayGone }),
  remove: quietly(removePicture),
  largest: repeat,
  say: quietly(say),
  async delete(press, parts) {
    await tell(press, undefined, parts);
    const { button, message, address } = press;
    await parts.sender.remove(address.chat, [...unpackMessages(button.subject), String(message.message_id)]);
  },
};

/** Telegram's albums lie where they were asked for, and its menus are keys: there is nothing to publish or to open. */
function act(press: Press, parts: PressParts): Promise<void> {
  const run = acts[press.button.action];
  return run ? run(press, parts) : tell(press, undefined, parts);
}

/** Answers a press, with a sentence where there is something to say; one that is too old to answer still counts. */
function tell({ query, t }: Pick<Press, 'query' | 't'>, key: TextKey | undefined, parts: PressParts): Promise<void> {
  return answer(query, key && t(key), parts);
}

async function answer(query: CallbackQuery, said: string | undefined, { telegram }: PressParts): Promise<void> {
  const text = said && fitText(said, MAX_ALERT);
  await telegram.answerCbQuery(query.id, text, { show_alert: text !== undefined }).catch((error: unknown) => {
    if (!(error instanceof TelegramFailure && error.code === 400)) throw error;
  });
}

/** Cancels the job; a status that a crash kept from being recorded is known to nobody else, and is taken away here. */
async function cancel(
  { button, member, message, address }: Press,
  { host, ledger, sender }: PressParts,
): Promise<void> {
  const pressed = String(message.message_id);
  const known = await ledger.status(button.subject);
  await host.cancel(button.subject, member);
  if (known !== pressed) await sender.remove(address.chat, [pressed]);
}

/** Notes the consent, takes the button away and does what was asked for. */
async function agree({ t, member, message, address }: Press, parts: PressParts): Promise<void> {
  const { host, sender, pace, remembered, invoke } = parts;
  await host.consent(member);
  const text = 'text' in message ? message.text : '';
  const keyboard = { inline_keyboard: [] };
  await pace.take({ chat: address.chat }, () => sender.edit(address, String(message.message_id), { text, keyboard }));
  const request = remembered.takeRequest(address);
  if (request) return invoke(request);
  await pace.take({ chat: address.chat }, () => sender.text(address, { text: t('telegram.agreed') }));
}

/** Notes what was agreed to on the way into an event, takes the button away and goes on. */
async function joinEvent({ button, message, address }: Press, { pace, sender, joining }: PressParts): Promise<void> {
  const keyboard = { inline_keyboard: [] };
  await pace.take({ chat: address.chat }, () => sender.keys(address.chat, String(message.message_id), keyboard));
  await joining.agree(button.subject, address);
}

/** More, more like one picture, As files and Resend: the line is in the message itself, the photo in the one it answers. */
async function repeat(press: Press, parts: PressParts): Promise<void> {
  const { button, message, address } = press;
  const photos = photosAt(press, parts);
  const line = codeOf(message);
  if (photos.length === 0 || line === undefined) return tell(press, 'telegram.photo-gone', parts);
  await tell(press, undefined, parts);
  const { command, options } = parseLine(line, parts.context.commands, parts.albumCommand.name);
  const { seed, ...unseeded } = options;
  const { shows } = unpackPicture(button.action === 'like' ? button.subject : '', parts.presets);
  const isNew = button.action === 'more' || button.action === 'like';
  const kept = isNew || seed === undefined ? { ...unseeded, ...shows } : options;
  const files = button.action === 'files' ? 'yes' : '';
  return parts.invoke(requestAt(press, { command, options: kept, photos, address: { ...address, files } }));
}

interface WithPictures {
  readonly use: (pictures: readonly AlbumPicture[], press: Press, parts: PressParts) => Promise<void>;
  readonly otherwise: Act;
}

/** Does something with the pictures a button is about while they are kept, else something else. */
function withPictures(press: Press, parts: PressParts, { use, otherwise }: WithPictures): Promise<void> {
  const { action, subject } = press.button;
  // Resend is about no messages yet.
  if (subject === '') return otherwise(press, parts);
  const messages = action === 'files' ? unpackMessages(subject) : [idOfPicture(subject)];
  const pictures = keptPictures(messages, press, parts);
  return pictures ? quietly(() => use(pictures, press, parts))(press, parts) : otherwise(press, parts);
}

const sayGone: Act = (press, parts) => tell(press, 'picture.gone', parts);

/** Does what the line of a button says. */
function say(press: Press, parts: PressParts): Promise<void> {
  const said = parseLine(press.button.subject, parts.context.commands, parts.albumCommand.name);
  return parts.invoke(requestAt(press, { ...said, photos: [], address: press.address }));
}

/** Asks once more what to make of the photo, which stays where it is. */
async function change(press: Press, parts: PressParts): Promise<void> {
  const { t, member, address } = press;
  if (photosAt(press, parts).length === 0) return tell(press, 'telegram.photo-gone', parts);
  await tell(press, undefined, parts);
  await showPicker(address, { owner: member, t }, parts);
}

/** Style, expression, go. */
async function choose(press: Press, parts: PressParts): Promise<void> {
  const { t, button, member, message, address } = press;
  const { presets, albumCommand } = parts;
  const choice = unpackChoice(button.subject);
  const photos = photosAt(press, parts);
  if (photos.length === 0) return tell(press, 'telegram.photo-gone', parts);
  await tell(press, undefined, parts);
  await changePicker(message, { choice, to: address }, { ...parts, owner: member, t });
  if (choice.screen !== 'go') return;
  const options = optionsOf(choice, presets);
  await parts.invoke(requestAt(press, { command: albumCommand.name, options, photos, address }));
}

type Wanted = Pick<CommandRequest, 'command' | 'options' | 'photos' | 'address'>;

function requestAt({ query, message }: Press, wanted: Wanted): CommandRequest {
  return { key: keyOf(query.id), group: message.chat.type !== 'private', ...wanted };
}

/** The member's own photos in the message a keyboard answers; none of an album of which only one photo is left. */
function photosAt({ message, member }: Press, { context }: PressParts): CommandRequest['photos'] {
  const answered = message.reply_to_message;
  if (!answered) return [];
  const group = 'media_group_id' in answered ? answered.media_group_id : undefined;
  if (group !== undefined && !context.album(group)) return [];
  return photosOf(answered, context).filter(({ owner }) => owner === member.id);
}

/** The text a message shows as code. */
function codeOf(message: Message): string | undefined {
  if (!('text' in message)) return undefined;
  const code = message.entities?.find(({ type }) => type === 'code');
  return code && message.text.slice(code.offset, code.offset + code.length);
}
