/** Letters of other scripts that look like Latin ones, and Latin ones that do not come apart into letter and accent. */
const lookalikes: Readonly<Record<string, string>> = {
  ...pair('аеорсухкмтіѕԁһԛԝвнјӏпг', 'aeopcyxkmtisdhqwbhjlnr'),
  ...pair('αβεικνορτυχωγη', 'abeiknoptuxwyn'),
  ...pair('ıøłđħŧɑɡɩ', 'ioldhtagi'),
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
};

/** Fillers that take no room although they count as letters. */
const FILLERS = /[\u115f\u1160\u3164\uffa0]/gu;

/**
 * Text as a reader sees it, for comparing: lower case, without accents (vowel signs of Devanagari are none) and without characters that cannot be seen, every
 * letter in its plain form. Digits and signs that stand for letters stay; what is compared with must allow for them.
 */
export function normaliseText(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/(?!\p{sc=Deva})[\p{M}\p{Cf}\p{Cc}]/gu, (invisible) => (/\s/u.test(invisible) ? ' ' : ''))
    .replaceAll(FILLERS, '');
  return [...plain].map((letter) => lookalikes[letter] ?? letter).join('');
}

function pair(from: string, to: string): Readonly<Record<string, string>> {
  const letters = [...to];
  return Object.fromEntries([...from].map((letter, index) => [letter, letters[index] ?? letter]));
}
