/** The words by which a language says what is not wanted. */
interface Negation {
  /** Those that come before it; where nothing follows them, they end what is not wanted. */
  readonly before: string;
  /** Those that come after it, or are its ending. */
  readonly after?: string;
  /** Words behind which something is wanted again. */
  readonly but: string;
}

/** By locale; words are parts of patterns in the form of `plainOf`, parted by `|`. English is understood everywhere. */
const negations: Readonly<Record<string, Negation>> = {
  en: { before: "no|not|without|don't|dont|do not|doesn't|isn't|aren't|never|avoid|minus", but: 'but|and|with' },
  de: { before: 'ohne|nicht|kein|keine|keinen|keinem|keiner|nie|niemals', but: 'sondern|aber|und|mit' },
  es: { before: 'sin|no|nunca|ni|ningun|ninguna', but: 'pero|sino|y|con' },
  fr: { before: 'sans|ne|pas|jamais|aucun|aucune', but: 'mais|et|avec' },
  it: { before: 'senza|non|mai|nessun|nessuna|niente', but: 'ma|e|con' },
  'pt-BR': { before: 'sem|nao|nunca|nenhum|nenhuma', but: 'mas|e|com' },
  pl: { before: 'bez|nie|nigdy|zaden|zadnych', but: 'ale|lecz|i|z' },
  ru: { before: 'без|не|нет|никогда|никаких', but: 'но|а|и|с' },
  uk: { before: 'без|не|немає|ніколи|жодних', but: 'але|а|і|та|з' },
  tr: {
    before: 'asla|hic',
    after: String.raw`degil|olmadan|olmasin|yok|[\p{L}\p{M}]+(?:madan|meden|mayan|meyen|mıyor|miyor|muyor|musuz|siz|sız|suz)`,
    but: 'ama|ve|ile',
  },
  ar: { before: 'بدون|دون|من غير|من دون|بلا|لا|ليس|ليست|غير|لم|لن', but: 'لكن|مع' },
  hi: { before: 'बिना|मत|न', after: 'के बिना|नहीं|रहित', but: 'लेकिन|और|के साथ' },
  ja: { before: '非', after: 'ない|なし|無し|せずに|ずに|抜き', but: '' },
  ko: {
    before: '안|못',
    after: String.raw`없이|없는|없이도|않고|않는|않은|\p{L}*지 ?(?:않\p{L}*|마\p{L}*|말\p{L}*)`,
    but: '그리고|하지만',
  },
  'zh-CN': { before: '不要|不|没有|没|无|别|勿', but: '但|而|并' },
  'zh-TW': { before: '不要|不|沒有|沒|無|別|勿', but: '但|而|並' },
};

/** Scripts that part no words by spaces, and endings, have no borders of words around what negates. */
const UNPARTED = new Set(['ja', 'zh-CN', 'zh-TW']);

/** A stretch of words: wanted, or not wanted. */
export interface Clause {
  readonly text: string;
  readonly wanted: boolean;
}

/** Is found nowhere. */
const NOTHING = /(?!)/u;

type Divide = (piece: string) => readonly Clause[];
const dividers = new Map<string, Divide>();

/** Divides a part of a prompt, in the form of `plainOf`, into what a member wants and what they say they do not want. */
export function divideNegated(piece: string, locale: string): readonly Clause[] {
  const divide = dividers.get(locale) ?? createDivider(locale);
  dividers.set(locale, divide);
  return divide(piece);
}

function createDivider(locale: string): Divide {
  const { before, after = '', but } = negations[locale] ?? { before: '', but: '' };
  const parted = !UNPARTED.has(locale);
  const [before1, after1, but1] = [before, after, but].map((words) => pattern(words, parted));
  const divideClause = (clause: string): Clause[] => {
    const [last] = after1 ? [...clause.matchAll(after1)].slice(-1) : [];
    if (last) return clausesOf(clause, 0, last.index + last[0].length);
    const [first] = before1 ? [...clause.matchAll(before1)] : [];
    if (!first) return [{ text: clause, wanted: true }];
    const follows = clause.slice(first.index + first[0].length).trim() !== '';
    return clausesOf(clause, follows ? first.index : 0, clause.length);
  };
  return (piece) => {
    if (piece.search(before1 ?? NOTHING) < 0 && piece.search(after1 ?? NOTHING) < 0)
      return [{ text: piece, wanted: true }];
    const borders = but1 ? [...piece.matchAll(but1)].map(({ index }) => index) : [];
    const starts = [0, ...borders];
    return starts.flatMap((start, at) => divideClause(piece.slice(start, starts[at + 1] ?? piece.length)));
  };
}

/** A clause of which a stretch is not wanted. */
function clausesOf(clause: string, from: number, to: number): Clause[] {
  return [
    { text: clause.slice(0, from), wanted: true },
    { text: clause.slice(from, to), wanted: false },
    { text: clause.slice(to), wanted: true },
  ].filter(({ text }) => text.trim() !== '');
}

/** Finds any of the words, whatever accents they are written with; undefined where there are none. */
function pattern(words: string, parted: boolean): RegExp | undefined {
  if (words === '') return undefined;
  const plain = words
    .normalize('NFKD')
    .replaceAll(/\\p\{\w\}|[a-z]/g, (part) => (part.length > 1 ? part : `${part}\\p{M}?`));
  return new RegExp(parted ? `(?<![\\p{L}\\p{M}\\p{N}-])(?:${plain})(?![\\p{L}\\p{M}\\p{N}-])` : `(?:${plain})`, 'gu');
}
