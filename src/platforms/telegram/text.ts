/** Characters of a caption, as Telegram counts them. */
export const MAX_CAPTION = 1024;
/** Characters of a message, as Telegram counts them. */
export const MAX_TEXT = 4096;

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Cuts a text to a length in UTF-16 units, between two characters as people see them, and says so by an ellipsis. */
export function fitText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let end = 0;
  for (const { index, segment } of characters.segment(text)) {
    if (index + segment.length > limit - 1) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end)}…`;
}

/** A share of the whole as a bar of ten blocks and a number. */
export function progressBar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * 10);
  return `${'▰'.repeat(filled)}${'▱'.repeat(10 - filled)} ${Math.round(share * 100)} %`;
}
