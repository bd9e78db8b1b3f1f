import { openPortraitMaker, type PortraitMaker } from '../../pipeline/portrait.js';
import type { Portrait } from '../../pipeline/request.js';
import type { StudioPerson } from './people.js';

/** What a picture of a sheet is made of. */
export interface Wish {
  readonly person: StudioPerson;
  readonly words: string;
  readonly seed: number;
}

/** Makes the pictures of sheets, each once. */
export interface Studio {
  readonly manifest: PortraitMaker['manifest'];
  /** @throws LikenessError what a member would be told. */
  take(wish: Wish): Promise<Portrait>;
  close(): Promise<void>;
}

const STRENGTH = 80;

/** Opens a bundle as it serves. */
export async function openStudio(bundle: string, threads: number): Promise<Studio> {
  const maker = await openPortraitMaker(bundle, { threads });
  const taken = new Map<string, Promise<Portrait>>();
  return {
    manifest: maker.manifest,
    take(wish) {
      const key = JSON.stringify([wish.person.file, wish.words, wish.seed]);
      const portrait = taken.get(key) ?? takePortrait(maker, wish);
      taken.set(key, portrait);
      return portrait;
    },
    close: () => maker.close(),
  };
}

async function takePortrait(maker: PortraitMaker, { person, words, seed }: Wish): Promise<Portrait> {
  const { photo, classWord } = person;
  const request = { photos: [photo], classWord, prompt: words, seed, count: 1, strength: STRENGTH };
  const { portraits } = await maker.portrait(request);
  const [first] = portraits;
  if (!first) throw new Error(`no picture of ${words}`);
  process.stdout.write(`${person.file} ${words}: ${first.scores.identity.toFixed(2)} ${first.scores.doubt ?? ''}\n`);
  return first;
}
