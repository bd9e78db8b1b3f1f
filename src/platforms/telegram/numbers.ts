/** Keys side by side, and numbers on one page. */
export const PER_ROW = 8;
const PER_PAGE = 40;

/** Part of the numbers that can be chosen from: from 1 to the highest, pages from 1. */
export interface NumberPage {
  readonly highest: number;
  readonly page: number;
}

/** One key: what it says, and what is written in its token. */
interface NumberKey {
  readonly label: string;
  readonly subject: string;
}

/** The keys of a page: its numbers, and those that lead to the pages beside it; before the first there is no page. */
export function numbersOn({ highest, page }: NumberPage): NumberKey[] {
  const first = (page - 1) * PER_PAGE + 1;
  const last = Math.min(highest, page * PER_PAGE);
  const numbers = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  const pageKey = (label: string, to: number): NumberKey => ({ label, subject: `${highest}.${to}` });
  return [
    ...numbers.map((number) => ({ label: String(number), subject: `n${number}` })),
    pageKey('◀', page - 1),
    ...(last < highest ? [pageKey('▶', page + 1)] : []),
  ];
}

/** What a pressed key means: a number, or a page to show. */
export function readNumberKey(subject: string): number | NumberPage {
  if (subject.startsWith('n')) return Number(subject.slice(1));
  const [highest = 0, page = 0] = subject.split('.').map(Number);
  return { highest, page };
}
