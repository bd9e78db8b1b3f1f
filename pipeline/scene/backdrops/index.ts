import { beach, mountains, underwater } from './landscapes.js';
import { autumn, cherryBlossom, forest, snow } from './woods.js';
import type { PaintedBackdrop } from './painting.js';
import { gradient, PAPERS, studio } from './plain.js';
import { cityAtNight, library, partyLights, stage } from './places.js';
import { fireworks, northernLights, sky, space, starryNight, sunset } from './skies.js';

/** Every backdrop by its label in the vocabulary of a bundle. */
export const BACKDROPS: Readonly<Record<string, PaintedBackdrop>> = {
  ...PAPERS,
  gradient,
  'studio backdrop': studio,
  sky,
  sunset,
  beach,
  mountains,
  forest,
  autumn,
  'cherry blossom': cherryBlossom,
  snow,
  underwater,
  'starry night': starryNight,
  'northern lights': northernLights,
  space,
  fireworks,
  'city at night': cityAtNight,
  'party lights': partyLights,
  stage,
  library,
};
