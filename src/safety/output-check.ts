import { setTimeout as delay } from 'node:timers/promises';
import { LIKENESS_ASKED, LOW_IDENTITY } from '../../pipeline/index.js';
import { LikenessError } from '../errors.js';
import type { FinishedAlbum, PortraitEngine } from '../jobs/engine.js';

/** One portrait of a finished album. */
export type CheckedPortrait = FinishedAlbum['portraits'][number];

/** Why a picture may not leave. */
export type Objection = 'no-face' | 'several-people' | 'not-a-portrait' | 'someone-else';

/** Judges one picture; undefined lets it go. A check that throws or takes too long has let nothing go. */
export type OutputCheck = (
  portrait: CheckedPortrait,
  asked: { readonly strength: number },
) => Promise<Objection | undefined> | Objection | undefined;

/** A face smaller than this part of the picture's height leaves room for a whole body: that is no portrait. */
const LEAST_FACE_HEIGHT = 1 / 4;

/**
 * The check of every picture, by what the face models measured: exactly one person, whose face fills a portrait, and who
 * is the person of the photos. A measurement that is missing counts against the picture.
 */
export const checkPortrait: OutputCheck = ({ scores }, { strength }) => {
  const { faceFound, people, faceHeight = 0, identity } = scores;
  if (!faceFound || people === 0) return 'no-face';
  if (people !== 1) return 'several-people';
  if (!(faceHeight >= LEAST_FACE_HEIGHT)) return 'not-a-portrait';
  const same = identity >= LOW_IDENTITY;
  return same || strength < LIKENESS_ASKED ? undefined : 'someone-else';
};

export interface GuardOptions {
  /** `checkPortrait` unless set. */
  readonly check?: OutputCheck;
  /** Milliseconds the check of one album may take. */
  readonly limit?: number;
  /** Called when a picture is withheld. */
  readonly onWithheld?: (objection: Objection) => void;
  /** Waits, until the time is over or the signal aborts. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

const LIMIT = 10_000;

/**
 * An engine whose albums hold only pictures that passed the check; the others are wiped. Where the check itself fails no
 * picture leaves at all.
 * @throws LikenessError what the engine throws; `no-portrait` when no picture passed, `safety-check-failed`.
 */
export function guardEngine(engine: PortraitEngine, options: GuardOptions = {}): PortraitEngine {
  return {
    async portrait(request, context) {
      const album = await engine.portrait(request, context);
      const objections = await judge(album, request, options).catch((cause: unknown) => {
        wipe(album.portraits);
        throw new LikenessError('safety-check-failed', {}, { cause });
      });
      const withheld = album.portraits.filter((_, index) => objections[index] !== undefined);
      for (const objection of objections) if (objection !== undefined) options.onWithheld?.(objection);
      wipe(withheld);
      const portraits = album.portraits.filter((_, index) => objections[index] === undefined);
      if (portraits.length === 0) throw new LikenessError('no-portrait');
      return { ...album, portraits };
    },
  };
}

/** The objection to each portrait, in their order. */
async function judge(
  { portraits }: FinishedAlbum,
  { strength }: { readonly strength: number },
  { check = checkPortrait, limit = LIMIT, wait = waitFor }: GuardOptions,
): Promise<readonly (Objection | undefined)[]> {
  const done = new AbortController();
  const tooLong = wait(limit, done.signal).then(() => Promise.reject(new Error('The output check took too long')));
  const judged = Promise.all(portraits.map(async (portrait) => check(portrait, { strength })));
  try {
    return await Promise.race([judged, tooLong]);
  } finally {
    tooLong.catch(() => undefined);
    done.abort();
  }
}

async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal, ref: false });
}

function wipe(portraits: readonly CheckedPortrait[]): void {
  for (const { image } of portraits) image.data.fill(0);
}
