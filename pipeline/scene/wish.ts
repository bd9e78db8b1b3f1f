import { BACKDROPS } from './backdrops/index.js';
import { THINGS } from './wear/index.js';

/** Something that a prompt asks for, and the colour it is to have: labels of the vocabulary. */
export interface Choice {
  readonly label: string;
  readonly colour?: string | undefined;
}

/** What is drawn around and on a person. */
export interface SceneWish {
  readonly backdrop?: Choice | undefined;
  readonly light?: string | undefined;
  /** In the order they were named, one in each place. */
  readonly wear: readonly Choice[];
}

/** A phrase of a prompt that is about the scene, in the order of the text. */
export interface ScenePhrase {
  readonly group: 'accessories' | 'backdrops' | 'lights' | 'colours';
  readonly label: string;
  /** Where it stands in the text: its first character and the one after its last. */
  readonly from: number;
  readonly to: number;
}

/** A scene, and the phrases that have no place in it. */
export interface ReadScene {
  readonly wish: SceneWish;
  readonly leftOut: readonly ScenePhrase[];
}

/** Between a colour and what it belongs to. */
const JOINED = /^ *(?:in|of)? *$/;

/** Understands the phrases of a text: of what cannot stand together the first is taken, and colours go to their neighbours. */
export function readScene(phrases: readonly ScenePhrase[], text: string): ReadScene {
  const colours = coloursOf(phrases, text);
  const taken = new Set<string>();
  const chosen: { readonly phrase: ScenePhrase; readonly colour: string | undefined }[] = [];
  const leftOut: ScenePhrase[] = [];
  for (const phrase of phrases) {
    if (phrase.group === 'colours') {
      if (!colours.used.has(phrase)) leftOut.push(phrase);
      continue;
    }
    const place = placeOf(phrase);
    if (taken.has(place) && !chosen.some(({ phrase: { label } }) => label === phrase.label)) leftOut.push(phrase);
    if (taken.has(place)) continue;
    taken.add(place);
    chosen.push({ phrase, colour: colours.of.get(phrase) });
  }
  const choices = (group: ScenePhrase['group']): Choice[] =>
    chosen.filter(({ phrase }) => phrase.group === group).map(({ phrase: { label }, colour }) => ({ label, colour }));
  const [[backdrop], [light]] = [choices('backdrops'), choices('lights')];
  return { wish: { backdrop, light: light?.label, wear: choices('accessories') }, leftOut };
}

/** Two phrases of one place cannot both be drawn. */
function placeOf({ group, label }: ScenePhrase): string {
  return group === 'accessories' ? `accessories ${THINGS[label]?.slot ?? ''}` : group;
}

interface Colours {
  readonly of: ReadonlyMap<ScenePhrase, string>;
  readonly used: ReadonlySet<ScenePhrase>;
}

/** A colour belongs to what stands next after it, else to what stands right before it. */
function coloursOf(phrases: readonly ScenePhrase[], text: string): Colours {
  const of = new Map<ScenePhrase, string>();
  const used = new Set<ScenePhrase>();
  phrases.forEach((phrase, index) => {
    if (phrase.group !== 'colours') return;
    const [before, after] = [phrases[index - 1], phrases[index + 1]];
    const isNext = (first: ScenePhrase, second: ScenePhrase): boolean => JOINED.test(text.slice(first.to, second.from));
    const owner = [
      after && isNext(phrase, after) ? after : undefined,
      before && isNext(before, phrase) ? before : undefined,
    ].find((each) => each !== undefined && isColourable(each) && !of.has(each));
    if (!owner) return;
    of.set(owner, phrase.label);
    used.add(phrase);
  });
  return { of, used };
}

function isColourable({ group, label }: ScenePhrase): boolean {
  return group === 'accessories' || (group === 'backdrops' && BACKDROPS[label]?.colourable === true);
}
