/** One of the few things an answer says: a head, which platforms make bold, and what follows it on the same line. */
export interface AnswerPoint {
  readonly head: string;
  readonly text: string;
}

/** What stands between a head and its text: a wide colon brings its own space. */
export function gapOf({ head }: AnswerPoint): string {
  return head.endsWith('：') ? '' : ' ';
}
