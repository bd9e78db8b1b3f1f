import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'telegraf/types';
import type { AlbumPicture } from '../../chat/picture.js';
import { drawAvatar } from '../../media/avatar.js';
import { fitMessages, type SizedPicture } from '../../media/size-ladder.js';
import type { ButtonAction } from '../buttons.js';
import { unpackPicture } from '../picture-key.js';
import { idOfPicture } from './keyboards.js';
import type { Press, PressParts } from './press.js';
import { FILES, memoryKey } from './reply.js';

/** What can be done with the one picture that was chosen; their keys stand below those of the album while one is. */
const PICTURE_ACTIONS: readonly ButtonAction[] = ['like', 'avatar', 'file', 'remove'];

/** Shows, below the album's own keys, those for the picture whose number was pressed. */
export async function choosePicture(press: Press, parts: PressParts): Promise<void> {
  const { button, member, t } = press;
  const key = unpackPicture(button.subject, parts.presets);
  const rows = albumKeys(press, parts).map((row) =>
    row.map((shown) =>
      opened(shown, press, parts)?.subject === button.subject ? { ...shown, text: chosenLabel(key.number) } : shown,
    ),
  );
  const actions = parts.keyboards.picture({ number: key.number, subject: button.subject }, member, t);
  await show([...rows, ...actions.inline_keyboard], press, parts);
}

/** Deletes one picture and the keys for it; after the last of them the keys of its album go as well. */
export async function removePicture(press: Press, parts: PressParts): Promise<void> {
  const { address, button, message } = press;
  const id = idOfPicture(button.subject);
  const isOther = (shown: InlineKeyboardButton): boolean => {
    const found = opened(shown, press, parts);
    return found?.action !== 'picture' || idOfPicture(found.subject) !== id;
  };
  const rows = albumKeys(press, parts).map((row) => row.filter(isOther));
  const isLeft = rows.flat().some((shown) => opened(shown, press, parts)?.action === 'picture');
  await parts.sender.remove(address.chat, isLeft ? [id] : [id, String(message.message_id)]);
  if (isLeft)
    await show(
      rows.filter((row) => row.length > 0),
      press,
      parts,
    );
}

/** The pictures of messages, in full quality; undefined once one of them is not kept any more. */
export function keptPictures(
  messages: readonly string[],
  { address: { chat } }: Press,
  { albums }: PressParts,
): readonly AlbumPicture[] | undefined {
  const pictures = messages.flatMap((message) => albums.get(memoryKey(chat, message)) ?? []);
  return pictures.length === messages.length ? pictures : undefined;
}

/** Sends pictures in full quality. */
export async function sendFiles(pictures: readonly AlbumPicture[], press: Press, parts: PressParts): Promise<void> {
  await sendSized((await fitMessages(pictures, FILES)).flat(), press, parts);
}

/** Sends pictures as squares around their faces. */
export async function sendAvatars(pictures: readonly AlbumPicture[], press: Press, parts: PressParts): Promise<void> {
  const drawn = pictures.map(async ({ name, description, file, face }): Promise<SizedPicture> => {
    const bytes = await drawAvatar(await file.read(), face);
    return { name: `${name}-avatar.png`, type: 'image/png', bytes, description };
  });
  await sendSized(await Promise.all(drawn), press, parts);
}

async function sendSized(pictures: readonly SizedPicture[], { address }: Press, parts: PressParts): Promise<void> {
  const draft = { pictures, caption: '', as: 'files', answers: address.photo } as const;
  await parts.pace.take({ chat: address.chat, weight: pictures.length }, () => parts.sender.album(address, draft));
}

/** The number of the chosen picture stands out. */
const chosenLabel = (number: number): string => `• ${number} •`;

/** The keys under the message: the album's own, each number as it is while none is chosen. */
function albumKeys(press: Press, parts: PressParts): InlineKeyboardButton[][] {
  const shown = 'reply_markup' in press.message ? (press.message.reply_markup?.inline_keyboard ?? []) : [];
  const isAction = (row: readonly InlineKeyboardButton[]): boolean =>
    row.some((key) => PICTURE_ACTIONS.some((action) => opened(key, press, parts)?.action === action));
  const plain = (key: InlineKeyboardButton): InlineKeyboardButton => {
    const found = opened(key, press, parts);
    return found?.action === 'picture'
      ? { ...key, text: String(unpackPicture(found.subject, parts.presets).number) }
      : key;
  };
  return shown.filter((row) => !isAction(row)).map((row) => row.map(plain));
}

function opened(key: InlineKeyboardButton, { member }: Press, { buttons }: PressParts) {
  return 'callback_data' in key ? buttons.open(key.callback_data, member) : undefined;
}

async function show(keys: InlineKeyboardMarkup['inline_keyboard'], { address, message }: Press, parts: PressParts) {
  const id = String(message.message_id);
  await parts.pace.take({ chat: address.chat }, () => parts.sender.keys(address.chat, id, { inline_keyboard: keys }));
}
