import { bunnyEars, catEars, flowerCrown, halo, headphones, horns } from './ears.js';
import { eyePatch, glasses, moustache, redNose, sunglasses } from './face.js';
import { beanie, crown, partyHat, santaHat } from './caps.js';
import { cowboyHat, graduationCap, pirateHat, topHat, wizardHat } from './hats.js';
import type { Thing } from './thing.js';

/** Everything there is to wear, by its label in the vocabulary of a bundle. */
export const THINGS: Readonly<Record<string, Thing>> = {
  glasses,
  sunglasses,
  'eye patch': eyePatch,
  moustache,
  'red nose': redNose,
  crown,
  'flower crown': flowerCrown,
  headphones,
  'cat ears': catEars,
  'bunny ears': bunnyEars,
  horns,
  halo,
  'santa hat': santaHat,
  'party hat': partyHat,
  beanie,
  'top hat': topHat,
  'cowboy hat': cowboyHat,
  'pirate hat': pirateHat,
  'wizard hat': wizardHat,
  'graduation cap': graduationCap,
};
