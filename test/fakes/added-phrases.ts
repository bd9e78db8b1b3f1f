import type { Vocabulary } from '../../pipeline/bundle-manifest.js';

/** Phrases of what can be added to a portrait, by group and label, as a model that draws them has in its vocabulary. */
export const addedPhrases: Pick<Vocabulary, 'accessories' | 'backdrops' | 'lights'> = {
  accessories: {
    glasses: ['wearing glasses', 'glasses', 'with glasses', 'eyeglasses', 'spectacles'],
    sunglasses: ['wearing sunglasses', 'sunglasses', 'with sunglasses', 'shades'],
    'eye patch': ['wearing an eye patch', 'eye patch', 'with an eye patch', 'pirate'],
    moustache: ['with a moustache', 'moustache', 'mustache'],
    'red nose': ['with a red nose', 'red nose', 'clown nose', 'clown'],
    crown: ['wearing a crown', 'crown', 'with a crown', 'golden crown'],
    'santa hat': ['wearing a santa hat', 'santa hat', 'christmas hat', 'santa', 'christmas'],
    'party hat': ['wearing a party hat', 'party hat', 'birthday hat', 'birthday'],
    headphones: ['wearing headphones', 'headphones', 'with headphones', 'headset'],
    'cat ears': ['with cat ears', 'cat ears', 'wearing cat ears', 'cat'],
    'flower crown': ['wearing a flower crown', 'flower crown', 'flowers in the hair', 'flowers'],
    beanie: ['wearing a beanie', 'beanie', 'woolly hat', 'knitted hat', 'winter hat'],
  },
  backdrops: {
    'white background': ['white background', 'white backdrop', 'white wall', 'in front of a white wall'],
    'black background': ['black background', 'black backdrop', 'black wall', 'in front of a black wall'],
    'red background': ['red background', 'red backdrop', 'red wall', 'in front of a red wall'],
    'orange background': ['orange background', 'orange backdrop', 'orange wall', 'in front of a orange wall'],
    'yellow background': ['yellow background', 'yellow backdrop', 'yellow wall', 'in front of a yellow wall'],
    'green background': ['green background', 'green backdrop', 'green wall', 'in front of a green wall'],
    'blue background': ['blue background', 'blue backdrop', 'blue wall', 'in front of a blue wall'],
    'purple background': ['purple background', 'purple backdrop', 'purple wall', 'in front of a purple wall'],
    'pink background': ['pink background', 'pink backdrop', 'pink wall', 'in front of a pink wall'],
    'brown background': ['brown background', 'brown backdrop', 'brown wall', 'in front of a brown wall'],
    sunset: ['at sunset', 'sunset', 'in front of a sunset', 'evening sky'],
    'starry night': ['under a starry night', 'starry night', 'stars', 'starry sky', 'night sky'],
    snow: ['in the snow', 'snow', 'snowfall', 'snowy'],
    sky: ['under a cloudy sky', 'clouds', 'blue sky', 'cloudy sky'],
    forest: ['in a forest', 'forest', 'woods', 'trees'],
  },
  lights: {
    'warm light': ['in warm light', 'warm light', 'candlelight', 'golden light'],
    'cold light': ['in cold light', 'cold light', 'moonlight', 'blue light'],
    'side light': ['lit from the side', 'side light', 'dramatic light', 'half in shadow'],
    'dim light': ['in dim light', 'dim light', 'in the dark', 'low light'],
    'red light': ['in red light', 'red light', 'lit in red'],
    'green light': ['in green light', 'green light', 'lit in green'],
  },
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
