import type { AvatarFrame } from '../chat/avatar-frames.js';
import type { Member } from '../chat/member.js';
import type { SizedPicture } from '../chat/picture.js';
import { LikenessError } from '../errors.js';
import { facePlaceOf, type FinishedAlbum } from '../jobs/engine.js';
import type { Translate } from '../language/texts.js';
import { encodePreview } from '../media/album.js';
import { drawAvatar } from '../media/avatar.js';
import { drawLabelledSheets } from '../media/labelled-sheet.js';
import type { Vault } from '../vault/vault.js';
import { type AvatarEvent, entryOf, type EntryPortrait, readyEntries } from './event.js';
import { labelOf } from './texts.js';

/** All entries on as few pictures as they need; none where there is no entry. */
export async function drawEntries(event: AvatarEvent, t: Translate, portraits: Vault): Promise<SizedPicture[]> {
  const cells = [];
  for (const entry of readyEntries(event)) {
    const portrait = await portraits.get(entry.portrait.id);
    if (portrait) cells.push({ picture: portrait, label: labelOf(event, entry, t) });
  }
  const drawn = await drawLabelledSheets(cells);
  return drawn.map((bytes, index) => ({
    name: `entries-${index + 1}.jpg`,
    type: 'image/jpeg',
    bytes,
    description: t('event.sheet', { title: event.title, number: index + 1 }),
  }));
}

/** One entry's portrait. @throws LikenessError `event-entry-unknown`. */
export async function drawEntry(
  event: AvatarEvent,
  { number, t }: { readonly number: number; readonly t: Translate },
  portraits: Vault,
): Promise<SizedPicture> {
  const entry = readyEntries(event).find((candidate) => candidate.number === number);
  const bytes = entry && (await portraits.get(entry.portrait.id));
  if (!bytes) throw new LikenessError('event-entry-unknown', { number });
  return { name: `entry-${number}.jpg`, type: 'image/jpeg', bytes, description: labelOf(event, entry, t) };
}

/** Whose avatar, and with which frame. */
export interface AvatarWish {
  readonly member: Member;
  readonly frame?: AvatarFrame;
}

/** A member's own portrait as an avatar. @throws LikenessError `event-not-joined`. */
export async function drawOwnAvatar(
  event: AvatarEvent,
  { member, frame }: AvatarWish,
  portraits: Vault,
): Promise<Uint8Array> {
  const entry = entryOf(event, member);
  const bytes = entry?.portrait && (await portraits.get(entry.portrait.id));
  if (!bytes) throw new LikenessError('event-not-joined');
  return drawAvatar(bytes, entry.portrait?.face, frame);
}

/** Keeps the first portrait of an album. */
export async function keepPortrait({ portraits: [first] }: FinishedAlbum, portraits: Vault): Promise<EntryPortrait> {
  if (!first) throw new RangeError('an album without portraits');
  const preview = await encodePreview(first.image);
  const face = facePlaceOf(first.scores);
  return { id: await portraits.put(preview), ...(face && { face }) };
}
