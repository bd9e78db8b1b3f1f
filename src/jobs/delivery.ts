import { SIDE_DEGREES } from '../../pipeline/index.js';
import type { OptionValues } from '../chat/invocation.js';
import type { AlbumPicture } from '../chat/picture.js';
import { findPreset, type Presets } from '../chat/presets.js';
import { PROMPT_KINDS } from '../chat/prompt-kinds.js';
import type { AlbumMessage, Reply } from '../chat/reply.js';
import { type Translate, translator } from '../language/texts.js';
import { encodePreview, pictureFileOf } from '../media/album.js';
import { facePlaceOf, type FaceScores, type FinishedAlbum } from './engine.js';
import type { Job } from './job.js';

/** What became of the portrait of an event's job: its entry, or its member's alone. */
export type EntryOutcome = 'entered' | 'late' | 'withdrawn';

/** How an album is delivered. */
export interface AlbumDelivery {
  readonly reply: Reply;
  /** Makes the portrait of an event's job its entry, where it can still be one. */
  readonly enter: (job: Job, album: FinishedAlbum) => Promise<EntryOutcome>;
  /** What can be chosen, which more like a picture is asked for by. */
  readonly presets: Presets;
}

/** Encodes and marks a finished album and sends it as one message; what is for an event is entered there first. The album is taken over. */
export async function deliverAlbum(job: Job, album: FinishedAlbum, delivery: AlbumDelivery): Promise<void> {
  const { reply, enter, presets } = delivery;
  const t = translator(job.locale);
  const entry = job.event === undefined ? undefined : await enter(job, album);
  const pictures = await Promise.all(album.portraits.map((_, index) => encodePicture(job, album, { index, presets })));
  const message: AlbumMessage = {
    jobId: job.id,
    caption: [wordsOf(job), t('album.caption', { count: pictures.length })].join(' · '),
    notes: [...(entry === undefined ? [] : [t(ENTRY_NOTES[entry])]), ...describeAlbum(job, album, t)],
    pictures,
    options: { ...job.options, seed: album.seed },
  };
  await reply.album(message);
}

/** What was asked for, as the member said and chose it; an entry of an event is made of the event's words. */
function wordsOf({ options, parameters }: Job): string {
  const said = [options['prompt'], ...PROMPT_KINDS.map(({ option }) => options[option])];
  const words = said.filter((word) => word !== undefined && word !== '').join(', ');
  return words === '' ? parameters.prompt : words;
}

/** Words as a part of a file's name: small letters and digits, up to forty characters. */
function slugOf(words: string): string {
  const slug = words.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return slug.slice(0, 40).replaceAll(/^-+|-+$/g, '');
}

async function encodePicture(
  job: Job,
  album: FinishedAlbum,
  { index, presets }: { readonly index: number; readonly presets: Presets },
): Promise<AlbumPicture> {
  const portrait = album.portraits[index];
  if (!portrait) throw new RangeError(`no portrait ${index}`);
  const preview = await encodePreview(portrait.image);
  const t = translator(job.locale);
  const face = facePlaceOf(portrait.scores);
  return {
    preview,
    file: pictureFileOf(portrait.image),
    name: ['portrait', slugOf(job.parameters.prompt), album.seed, index + 1].filter((part) => part !== '').join('-'),
    description: t('album.picture', { number: index + 1, prompt: job.parameters.prompt }),
    ...(portrait.scores.faceFound && { similarity: portrait.scores.identity }),
    shows: shownBy(portrait.scores, { job, album, presets }),
    ...(face && { face }),
  };
}

/** The expression and the side of a face, where the album did not ask for others and they can be chosen. */
function shownBy(
  { expression, yaw }: FaceScores,
  {
    job: { options },
    album: { asked },
    presets,
  }: { readonly job: Job; readonly album: FinishedAlbum } & Pick<AlbumDelivery, 'presets'>,
): OptionValues {
  const mood = asked.expression === undefined ? findPreset(presets.expressions, expression ?? '') : undefined;
  const isFree = asked.side === undefined && options['angle'] === undefined && yaw !== undefined;
  const side = isFree ? findPreset(presets.angles, sideOf(yaw)) : undefined;
  return { ...(mood && { expression: mood.name }), ...(side && { angle: side.name }) };
}

function sideOf(yaw: number): string {
  if (Math.abs(yaw) <= SIDE_DEGREES) return 'front';
  return yaw > 0 ? 'right' : 'left';
}

const ENTRY_NOTES = {
  entered: 'album.entered',
  late: 'album.entered-late',
  withdrawn: 'album.entry-withdrawn',
} as const satisfies Record<EntryOutcome, string>;

function describeAlbum(job: Job, album: FinishedAlbum, t: Translate): string[] {
  const notes: string[] = [];
  const { unknownWords, leftOut, ownGlasses, portraits } = album;
  const quoted = (words: readonly string[]): string => words.map((word) => `“${word}”`).join(', ');
  if (unknownWords.length > 0) {
    notes.push(t('album.unknown-words', { count: unknownWords.length, words: quoted(unknownWords) }));
  }
  if (leftOut.length > 0) notes.push(t('album.left-out', { words: quoted(leftOut) }));
  if (ownGlasses) notes.push(t('album.own-glasses'));
  if (job.otherFiles) notes.push(t('album.files-left-out', { files: quoted(job.otherFiles) }));
  const wanted = job.parameters.count;
  if (portraits.length < wanted) notes.push(t('album.fewer', { count: portraits.length, wanted }));
  return notes;
}
