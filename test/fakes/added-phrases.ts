import { loadManifest } from '../../pipeline/bundle.js';
import type { Vocabulary } from '../../pipeline/bundle-manifest.js';

const { vocabulary: shipped } = await loadManifest('models/tiny');

/** Phrases of what can be added to a portrait, by group and label: those of the shipped model. */
export const addedPhrases: Pick<Vocabulary, 'accessories' | 'backdrops' | 'lights' | 'colours'> = {
  accessories: shipped.accessories,
  backdrops: shipped.backdrops,
  lights: shipped.lights,
  colours: shipped.colours,
};

/** What the shipped model does not draw, and others do. */
const elsewhere = {
  expressions: { disgusted: ['disgusted', 'a disgusted face', 'grimacing', 'a disgusted expression'] },
  ages: {
    child: ['child', 'young child', 'little kid'],
    teenager: ['teenager', 'teenage', 'adolescent'],
    young: ['young', 'young adult', 'youthful'],
    'middle-aged': ['middle-aged', 'middle aged', 'adult'],
    old: ['old', 'elderly', 'senior', 'aged'],
  },
} satisfies Pick<Vocabulary, 'expressions' | 'ages'>;

/** A vocabulary that has a word for everything any model draws. */
export function withAll(vocabulary: Vocabulary): Vocabulary {
  const all = withAdded(vocabulary);
  const expressions = { ...elsewhere.expressions, ...all.expressions };
  return { ...all, expressions, ages: { ...elsewhere.ages, ...all.ages } };
}

/** A vocabulary with these groups and their words. */
export function withAdded(vocabulary: Vocabulary): Vocabulary {
  const phrases = Object.values(addedPhrases).flatMap((labels) => Object.values(labels).flat());
  const words = new Set([...vocabulary.words, ...phrases.flatMap((phrase) => phrase.split(' '))]);
  return { ...vocabulary, ...addedPhrases, words: [...words] };
}
