import type { OptionValues } from '../chat/invocation.js';
import type { Preset, Presets } from '../chat/presets.js';

/** One picture of an album, as buttons name it. */
export interface PictureKey {
  /** Counted from 1, as at the end of its file's name. */
  readonly number: number;
  /** As `AlbumPicture.shows`. */
  readonly shows: OptionValues;
}

/** Writes it into the room of a button: the number, and the places of what it shows in the lists of presets. */
export function packPicture({ number, shows }: PictureKey, { expressions, angles }: Presets): string {
  return [number, placeOf(shows['expression'], expressions), placeOf(shows['angle'], angles)].join('.');
}

/** Reads what `packPicture` wrote; what is not in the lists any more is left out. */
export function unpackPicture(packed: string, { expressions, angles }: Presets): PictureKey {
  const [number = 0, expression = 0, angle = 0] = packed.split('.').map(Number);
  const [mood, side] = [expressions[expression - 1], angles[angle - 1]];
  return { number, shows: { ...(mood && { expression: mood.name }), ...(side && { angle: side.name }) } };
}

/** Counted from 1; 0 for what is not in the list. */
function placeOf(given: OptionValues[string] | undefined, presets: readonly Preset[]): number {
  return presets.findIndex(({ name }) => name === given) + 1;
}

/** The number of a picture by the name of its file. */
export function numberOf(fileName: string): number {
  return Number(/-(\d{1,2})\.\w+$/.exec(fileName)?.[1] ?? Number.NaN);
}
