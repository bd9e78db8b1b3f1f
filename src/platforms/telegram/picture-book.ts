import { nameIn, type Presets } from '../../chat/presets.js';
import type { SampledKind, Samples } from '../../chat/samples.js';
import type { Translate } from '../../language/texts.js';
import { Recent } from './recent.js';

/** Sheets whose ids are remembered. */
const REMEMBERED = 200;

/** A picture of the bot's own: its bytes, or its id once Telegram has it. */
export interface OwnPicture {
  readonly key: string;
  readonly media: Uint8Array | string;
}

/** Pictures of presets to send, each of which is uploaded once. */
export interface PictureBook {
  /** The first presets of a list in pictures, all of them unless said, named in a language; undefined where there are none. */
  sheet(kind: SampledKind, t: Translate, count?: number): Promise<OwnPicture | undefined>;
  /** Telegram has a picture under an id. */
  keep(picture: OwnPicture, sent: { readonly file: string }): void;
}

export function createPictureBook(samples: Samples, presets: Presets): PictureBook {
  const ids = new Recent<string>(REMEMBERED);
  return {
    async sheet(kind, { locale }, count) {
      const key = `${kind}/${locale}/${count ?? ''}`;
      const known = ids.get(key);
      if (known !== undefined) return { key, media: known };
      const named = new Map(presets[kind].map((preset) => [preset.name, nameIn(locale, preset)]));
      const media = await samples.sheet(kind, (name) => named.get(name) ?? name, count);
      return media && { key, media };
    },
    keep: ({ key }, { file }) => ids.set(key, file),
  };
}
